"""Takes out where a person can be found online: e-mail addresses, links, and the names of accounts (promise 2).

Also as children spell them out: "testa at example dot com", "testa et gmail tačka kom". Patterns look in the plain view (bot/draft.py). They begin
where a word begins and repeat a bounded number of times, so that no message makes them slow.
"""

from __future__ import annotations

import re

from bot.draft import Draft
from bot.vocabulary import usual
from nlu.folding import fold

_LONG_ENDS = "com|net|org|info|edu|gov|app|xyz|site|online|chat|link|page|eu|kom|cak|com\\.(?:tr|mk|al|ua|hr)"
_SHORT_ENDS = "rs|hr|si|mk|gr|bg|ro|de|uk|gg|tv|ly|al|ba|me|io|be|it|ru|ua|tr|hu|md|ks|ch|at|fr|co|to|cc|gl|srb"
_AT = r"(?:at|et|ett|kod|majmun|majmunce|ludo a|ludjo a|ludja|manki|monkey|kerrmill|kermill|shenja et)"
_DOT = r"(?:dot|pike|pik|pika|tacka|tacki|tocka|punkt|taka)"
_STOP = rf"(?:\s{{0,2}}\.\s{{0,2}}|\s{{1,2}}{_DOT}\s{{1,2}}|\s?[(\[]\s?{_DOT}\s?[)\]]\s?)"
_END = rf"(?:{_LONG_ENDS}|com|kom|cm|con|{_SHORT_ENDS})"
_MAILER = r"(?:gmail|g-mail|hotmail|yahoo|outlook|icloud|protonmail|ymail|gmx)"
_LOCAL = (
    rf"[\w.+-]{{1,64}}(?:\s{{1,2}}(?:{_DOT}|underscore|donja crta|dole crta|crtica|vija poshte|dash"
    rf"|minus)\s{{1,2}}[\w-]{{1,40}}){{0,3}}"
)

_LINK = re.compile(
    r"(?<![\w@.])(?:https?\s?:\s?/\s?/\s?\S{2,}(?:\s\.\s[a-z]{2,6}\b)?|www\s?\.\s?\S{2,}(?:\s?\.\s?[a-z]{2,6}\b(?:/\S*)?)?"
    rf"|(?:[\w-]{{1,63}}\.){{1,4}}(?:{_LONG_ENDS}|{_SHORT_ENDS})/[^\s/]\S*"
    rf"|(?:[\w-]{{1,63}}\.){{1,4}}(?:{_LONG_ENDS})\b(?![@\w]))",
    re.IGNORECASE,
)
_SHORT_LINK = re.compile(
    rf"(?<![\w@.])(?P<site>[\w-]{{3,63}})(?:\.[\w-]{{2,63}}){{0,3}}\.(?P<end>{_SHORT_ENDS})\b(?![@\w])", re.IGNORECASE
)
_SPELT_LINK = re.compile(
    rf"(?<![\w@.])(?P<site>[\w-]{{3,63}})(?:\s{{1,2}}{_DOT}\s{{1,2}}|\s?[(\[]\s?{_DOT}\s?[)\]]\s?"
    rf"|\s\.\s?)(?P<end>{_LONG_ENDS}|{_SHORT_ENDS})\b(?:\s?/\s?\S+)?",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?:[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}|\s\.\s(?:{_LONG_ENDS}|{_SHORT_ENDS})\b){{0,4}}"
    rf"|[\w.+-]{{1,64}}(?:\s?[(\[]\s?{_DOT}\s?[)\]]\s?[\w-]{{1,40}}){{0,3}}\s{{0,2}}(?:@|[(\[{{<]\s?{_AT}\s?[)\]}}>])\s{{0,2}}[\w-]{{1,63}}(?:{_STOP}[a-z]{{2,6}}){{1,3}}\b"
    rf"|(?P<spelt>{_LOCAL})\s{{1,2}}{_AT}\s{{1,2}}[\w-]{{1,63}}(?:{_STOP}[\w-]{{2,40}}){{0,2}}{_STOP}{_END}\b"
    rf"|(?P<mailer>{_LOCAL})\s{{0,2}}(?:\s{_AT}\s|@)\s{{0,2}}{_MAILER}\b(?:\s{{0,2}}\.?\s{{0,2}}(?:com|kom|cm)\b)?"
    rf"|(?P<bare>[\w.+-]{{2,64}})\s{_MAILER}(?:{_STOP}|\s)(?:com|kom)\b)",
    re.IGNORECASE,
)
_SAYS_DOT = re.compile(rf"\b{_DOT}\b", re.IGNORECASE)
_SAYS_AT = re.compile(rf"\b{_AT}\b", re.IGNORECASE)
_NAMES_MAILER = re.compile(_MAILER, re.IGNORECASE)
"""Whether it is worth looking for an address that is spelt out; most messages have none of these words."""

_HANDLE = re.compile(r"(?<![\w@])@\s?\w[\w.]{2,63}|(?<![\w#])\w{2,32}#\d{4}(?!\d)")
_APPS = (
    r"insta(?:gram)?\w{0,3}|ig|snap(?:chat)?\w{0,2}|snep(?:cet)?\w{0,2}|tik\s?tok\w{0,2}|telegram\w{0,2}|tg"
    r"|discord\w{0,2}|diskord\w{0,2}|viber\w{0,2}|whatsapp"
    r"|facebook\w{0,2}|fejsbuk\w{0,2}|fejs\w{0,2}|fb|robloks\w{0,2}|fortnajt\w{0,2}|roblox\w{0,2}|fortnite|steam|twitch|youtube|jutjub|twitter"
    r"|signal|messenger|mesindzer|skype|kik|bereal|psn|xbox|insti|snepu|fejsu|jutjubu"
)
_NAME_OF_ACCOUNT = (
    r"username|user\s?name|user|usernejm|nick(?:name)?|nik|nadimak|korisnicko ime|korisnicko|gamertag|handle"
    r"|profil[ie]?|llogaria|emri i perdoruesit|perdoruesi|nofka"
)
_HAS = r"(?:\bis\b|\bje\b|\beshte\b|\besht\b|\bosht\b|\basht\b|\bsu\b|\bie\b)"
_OWN = (
    r"(?:name|user|username|nik|nick|ime|emri|mi|im|my|me|na|ne|te|profil|account|acc|nalog|pod|as|kao|si|handle|id"
    r"|jam|jem|jom|sam|kam|imam|e|i|mua|ovo|u|njoj|gde|gdje|ku|mam)"
)
_ACCOUNT = re.compile(
    rf"(?<!\w)(?:(?P<named>{_NAME_OF_ACCOUNT})|{_APPS})(?:\s(?:{_OWN}|{_APPS})\b){{0,4}}\s{{0,2}}(?P<says>[:=\-]"
    rf"|{_HAS})?(?:\s{_OWN}\b)?\s{{0,2}}[\"']?"
    r"(?<![\w.])"
    r"(?P<piece>[^\W_][\w.]{1,40}\w|_[\w.]{1,40}\w)",
    re.IGNORECASE,
)
_UNDERSCORED = re.compile(r"(?<![\w@.])(?=\w{0,40}[A-Za-z])[^\W_]{1,30}(?:_{1,3}[^\W_]{1,30}){1,5}_{0,3}(?![\w@])")
"""No other word has an underscore in it."""

_ADD_ME = re.compile(
    r"(?<!\w)(?:add me|follow me|find me|dm me|zaprati me|dodaj me|nadji me|nadi me|me shto|ma shto|me gjej|me ndiq"
    r"|shkruaj me|pisi mi)"
    r"(?:\s(?:on|na|ne|n|te|my|at|as|kao|si|here|ovde|ketu|insta(?:gram\w?)?|ig|snap\w{0,4}|tiktok\w?|discord\w?"
    r"|telegram\w?|fb|roblox\w?|viber\w?)){0,4}\s?:?\s"
    r"(?P<piece>(?=[\w.]{0,40}[\d_.]\w)[\w.]{3,40}\w)",
    re.IGNORECASE,
)
_WORDS_TOO = frozenset(
    "si de al ba me io be it to at ro do is link page chat site online cak ch fr co eu app info".split()
)
"""Ends of addresses that are words of a language too: after a full stop without a space they may begin the next sentence."""

_ON_APP = re.compile(
    rf"(?<![\w.@])(?P<piece>[^\W_]{{2,20}}\.\w[\w.]{{0,20}}\w)\s(?:on|na|ne|n|te|in)\s(?:{_APPS})\b", re.IGNORECASE
)
_MARKED = re.compile(r"[\d_.]\w")


def take_online(draft: Draft) -> None:
    """Take [email], [link] and [account]."""
    plain = draft.plain
    if not draft.has_letters and "@" not in plain:
        return
    stops = "." in plain or bool(_SAYS_DOT.search(plain))
    if "@" in plain or (stops and _SAYS_AT.search(plain)) or _NAMES_MAILER.search(plain):
        draft.take(_EMAIL, _email)
    if "." in plain or "/" in plain:
        draft.take(_LINK, "link")
        draft.take(_SHORT_LINK, _link)
    if stops:
        draft.take(_SPELT_LINK, _link)
    if "@" in plain or "#" in plain:
        draft.take(_HANDLE, "account")
    draft.take(_ACCOUNT, _account)
    draft.take(_ADD_ME, "account")
    if "." in plain:
        draft.take(_ON_APP, "account")
    if "_" in plain:
        draft.take(_UNDERSCORED, "account")


def _email(match: re.Match[str]) -> str | None:
    """An address, unless it is usual words that only sound like one: "look at example.com", "write me at gmail"."""
    spelt = match["spelt"] or match["mailer"]
    if spelt and usual(fold(spelt)):
        return None
    if match["bare"] and usual(fold(match["bare"])) and not _MARKED.search(match["bare"]):
        return None
    return "email"


def _link(match: re.Match[str]) -> str | None:
    """A link, unless somebody left out the space after a full stop: "dosta.me je strah"."""
    if match["site"].isdecimal():
        return None
    return None if usual(fold(match["site"])) and match["end"].lower() in _WORDS_TOO else "link"


def _account(match: re.Match[str]) -> str | None:
    """The name of an account: any unusual word after "username", and after the name of an app one that looks made up."""
    piece = match["piece"]
    if _MARKED.search(piece) and not piece.isdecimal():
        return None if usual(fold(piece)) else "account"
    if not match["says"] or usual(fold(piece)):
        return None
    return "account" if match["named"] or match["says"] in ":=" else None
