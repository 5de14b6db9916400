"""Takes out where a person can be found: coordinates and postal addresses (promise 2). A country or a city stays.

Patterns look in the plain view (bot/draft.py), where "Ulica", "улица" and "ulica" are near each other.
"""

from __future__ import annotations

import re

from bot.draft import Draft
from bot.vocabulary import usual, words_for
from nlu.folding import fold

_DEGREES = (
    r"\d{1,3}\s?(?:°|º|deg|stepeni|grade)\s?\d{1,2}(?:[.,]\d{1,4})?\s?['′]\s?(?:\d{1,2}(?:[.,]\d{1,4})?\s?(?:[\"”″]"
    r"|'')\s?)?[NSEWnsew]?"
)
_COORDINATES = re.compile(
    r"(?<![\w.])(?:lat\w{0,5}\.?\s?[:=]?\s?)?[NS]?\s?[-+]?\d{1,3}[.,]\d{3,15}\s{0,2}°?\s?[NSns]?\s{0,2}(?:[,;/|]"
    r"|\b(?:and|i|dhe|lon\w{0,6}|lng)\b|\s){1,4}\s{0,2}(?:lon\w{0,6}"
    r"|lng)?[:=]?\s?[EW]?\s?[-+]?\d{1,3}[.,]\d{3,15}(?!\d)(?:\s?°)?(?:\s?[EWew]\b)?"
    rf"|(?<![\w.])[NS]?\s?{_DEGREES}[,;\s]{{0,3}}[EW]?\s?{_DEGREES}"
    r"|(?<!\w)[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)|/{3}[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}"
)
_LATITUDE = re.compile(
    r"(?<!\w)(?:lat(?:itude)?|lon(?:gitude)?|lng|gjeresi\w{0,3}|gjatesi\w{0,3}|sirina|duzina)\s?(?:is|je|eshte"
    r"|gjeografike)?\s?[:=]?\s?(?P<piece>[-+]?\d{1,3}[.,]\d{2,15})",
    re.IGNORECASE,
)

_UP = "A-Z"
_TITLE = rf"[{_UP}][\w'.-]{{1,40}}"
_NO = r"(?:br\.?|broj|nr\.?|numri|numer|numeri|number|no\.?|num\.?)"
_HOUSE = rf"(?:,?\s{{1,2}}{_NO}?\s{{0,2}}\d{{1,4}}(?:\s?[a-zA-Z]\b|[a-zA-Z]\b)?(?:/\d{{1,3}}(?!\d))?(?!\w))"
_ROAD = (
    r"(?:[Uu]lic[aieu]|ULIC[AIEU]|[Uu]l\.?(?=\s)|[Bb]ulevar\w{0,2}|[Bb]ul\.|[Tt]rg\w?|[Ss]okak\w?|[Kk]ej\w?"
    r"|[Nn]aselj?[euao]m?|[Ss]treet(?=\s[A-Z])|[Ss]trada|[Mm]ahal\w{1,2}"
    r"|[Rr]rug[aeu]s?|[Rr]rugen|[Rr]rugice?[sn]?|RRUGA|RRUGEN|[Rr]r\.?(?=\s)|[Rr]ug[ae]n?|[Bb]ulevardi\w?|[Bb]lvd\.?"
    r"|[Ll]agj[jaes]{1,3}n?|[Ll]gj\.|[Ss]heshi\w?)"
)
_STREET = re.compile(
    rf"(?<!\w)(?:{_ROAD}\s{{1,2}}(?:(?:e|i"
    rf"|te)\s)?(?P<marks>[\"'])?(?P<named>(?:{_TITLE}|[A-Z](?=\s{{1,2}}{_NO}))(?:\s{{1,2}}{_TITLE}){{0,3}}(?:\s{{1,2}}[a-z]{{2,12}}(?=,?\s{{1,2}}{_NO}?\s{{0,2}}\d))?)(?P<numbered>[\"']?{_HOUSE})?"
    rf"|{_ROAD}\s{{1,2}}[\"']?(?:(?:e|i|te)\s)?(?P<small>\w{{2,40}}\.?(?:\s{{1,2}}\w{{2,40}}){{0,3}}?)[\"']?{_HOUSE}"
    rf"|(?P<before>{_TITLE}(?:\s{{1,2}}{_TITLE})?|[a-z]{{3,30}}(?:ova|ina|ska|eva|cka|na|nska|oj|om"
    rf"|e))\s{{1,2}}(?:[Uu]lic[aieu]|[Uu]l\.?){_HOUSE}"
    rf"|{_TITLE}\s{{1,2}}[Uu]lic[aieu]"
    rf"|\d{{1,4}}(?:\s?[a-z])?,?\s{{1,2}}(?P<english>(?:(?!(?:on|of|in|at|the|from|for|to|my|our|with|and)\s)[A-Za-z][\w'-]{{1,40}}\s{{1,2}}){{1,3}}(?:[Ss]treet|STREET"
    rf"|[Ss]tr?\.?|[Rr]oad|ROAD|[Rr]d\.?|[Aa]venue|[Aa]ve\.?|[Ll]ane|[Ss]quare|[Dd]rive|[Cc]rescent|[Tt]errace"
    rf"|[Gg]ardens|[Bb]oulevard|[Bb]lvd|Close|Court|Way|Place|Grove|Hill))\b(?!['-])"
    rf"|(?P<ways>{_TITLE}(?:\s{{1,2}}{_TITLE})?)\s{{1,2}}(?:Street|street|Str?\.|Road|road|Rd|Avenue|avenue|Ave|Lane"
    rf"|lane|Boulevard|boulevard){_HOUSE}?(?!\w)"
    rf"|(?P<tiny>[a-z]{{3,30}})\s{{1,2}}(?:street|road|avenue|lane){_HOUSE})"
    rf"(?:,\s{{1,2}}(?:\d{{4,5}}\s{{1,2}})?{_TITLE})?"
)
_NUMBERED = re.compile(
    rf"(?<!\w)(?P<word>{_TITLE})(?:\s{_TITLE}){{0,2}},?\s{{1,2}}(?:br\.?|broj|nr\.?|numri|number|no\.)\s{{0,2}}\d{{1,3}}[a-z]?(?!\w)"
    r"|(?<![\w.])(?:[A-Z][\w']{2,20}\s)?(?P<road>[A-Z]\w{2,20}(?:oj|ova|eva|ina|ska|cka|na))\s\d{1,3}[a-z]?(?:/\d{1,3})?(?=\s?(?:[,;!?]|\.?$|\.\s))"
)
"""A street without the word for it: "Testna br. 12", "u Testnoj 12"."""

_ENTRANCE = re.compile(
    rf"(?<!\w)(?:(?:lagj[jaes]{{1,3}}n?|blok|bloku|blloku|pallati|pall\.|hyrja|shkalla|kati|apartamenti|ap\.?|banesa|banes[ae]|ulaz|flat|apartment|apt\.?"
    rf"|unit|entrance)\s{{1,2}}(?:{_NO}\s{{0,2}})?\d{{1,4}}[a-z]?\b"
    rf"|(?:stan|zgrada|kuca|blok|block|house|building|shtepia|pallat|banes\w|soba|room|sprat|lamela"
    rf"|kucni)\s{{1,2}}{_NO}\s{{0,2}}\d{{1,4}}[a-z]?\b)",
    re.IGNORECASE,
)
_FLOOR = re.compile(r"(?:kati|sprat|soba|room)\s", re.IGNORECASE)
_TOWN = re.compile(rf"(?<![\w.])\d{{5}},?\s{{1,2}}({_TITLE})(?:\s{{1,2}}({_TITLE}))?")
_POSTCODE = re.compile(
    r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)|(?<!\w)(?:post\s?code|postal code|zip(?: code)?|postanski broj"
    r"|kodi postar|kodi postal)\s{0,2}(?:is|je|eshte|mi je|:)?\s{0,2}(?P<piece>\d{4,6})(?!\d)"
)
_HOME = re.compile(
    r"(?<!\w)(?:(?:i |we |he |she |they )?(?:live|lives|living|stay|staying)|my house is|our house is|zivim|zivimo"
    r"|zivi|zive|stanujem|stanujemo|stanuje|adresa|jetoj|jetojme|jeton|banoj|banojm\w?|banon|rri|rrij|rrim)"
    r"(?:\s(?:at|in|on|u|na|kod|ne|n|te|tek|sada|trenutno|mi je|tash|tani))\s"
    rf"(?P<piece>(?P<words>[a-zA-Z][\w'-]{{2,40}}(?:\s[a-zA-Z][\w'-]{{1,40}}){{0,3}}?)(?P<no>,?\s{{1,2}}{_NO}\s?"
    rf"|,?\s{{1,2}})\d{{1,4}}(?:\s?[a-d]\b"
    rf"|[a-d]\b)?(?:/\d{{1,3}})?)(?![\w:%.,]?\d)(?P<after>\s{{0,2}}[^\W\d_]{{0,20}}|)",
    re.IGNORECASE,
)
_ADDRESS_NAMED = re.compile(
    r"(?<!\w)(?:(?:my |our |his |her |the )?(?:home )?address|(?:moja |nasa |njegova |njena |kucna )?adres\w{1,3}"
    r"|adresa ime|adresa jone)"
    r"(?:\s(?:is|je|mi|mu|joj|nam|eshte|osht|asht|esht|ime|jone|e tij|e saj|e shtepise|glasi)\b){0,3}\s?[:=,-]?\s"
    rf"(?P<piece>(?:[\w'.-]{{2,40}}[\s,]{{1,2}}){{1,4}}?(?:{_NO}\s?)?\d{{1,4}}(?:[a-zA-Z]\b)?(?:/\d{{1,3}})?"
    rf"|{_TITLE}(?:\s{_TITLE}){{0,3}})(?!\w)",
    re.IGNORECASE,
)


_STANDS = re.compile(r"(?:\bat|address is|number|live)\W{1,3}$", re.IGNORECASE)
"""Before "14 test road" where it is an address; "5 minutes drive" is none."""


def take_places(draft: Draft) -> None:
    """Take coordinates as [place], addresses as [address]."""
    if draft.has_digits or "/" in draft.plain:
        draft.take(_COORDINATES, "place")
    if not draft.has_letters:
        return
    if draft.has_digits:
        draft.take(_LATITUDE, "place")
        draft.take(_POSTCODE, "address")
        draft.take(_TOWN, lambda match: None if usual(fold(match[1]), nearly=False) and not match[2] else "address")
    draft.take(_STREET, _street)
    draft.take(_ADDRESS_NAMED, _address)
    draft.take(_HOME, _home)
    if draft.has_digits:
        draft.take(_NUMBERED, _numbered)
    draft.take(_ENTRANCE, lambda match: None if _FLOOR.match(match.group()) else "address")


def _street(match: re.Match[str]) -> str | None:
    """An address, unless its words are the usual ones of a sentence: "na ulici sam 3 sata", "the street"."""
    if match["named"]:
        first = fold(match["named"].split()[0])
        return (
            "address" if match["numbered"] or match["marks"] or not (usual(first) or match["named"].isupper()) else None
        )
    if match["ways"]:
        return None if fold(match["ways"].split()[0]) in words_for("never") else "address"
    if match["before"]:
        return None if fold(match["before"].split()[0]) in words_for("never") else "address"
    words = (match["small"] or match["english"] or match["tiny"] or "").split()
    if match["english"]:
        words.pop()  # "street"
        if {fold(word) for word in words} & words_for("never"):
            return None
        stands = words[0].istitle() or _STANDS.search(match.string[max(0, match.start() - 12) : match.start()])
        return None if not stands and any(usual(fold(word)) for word in words) else "address"
    folded = [fold(word) for word in words]
    if any(word in words_for("never") or len(word) < 3 for word in folded):
        return None
    ends = not match.string[match.end() : match.end() + 2].strip(" ,.;!?)")
    return None if not ends and any(usual(word) for word in folded) else "address"


def _address(match: re.Match[str]) -> str | None:
    words = re.findall(r"[A-Za-z]{3,}", match["piece"])
    if not words:
        return None
    return (
        None
        if usual(fold(words[0])) and not (words[0][0].isupper() or any(map(str.isdigit, match["piece"])))
        else "address"
    )


def _numbered(match: re.Match[str]) -> str | None:
    """An address, unless what is numbered has a usual name: "Soba broj 12"."""
    return None if usual(fold(match["word"] or match["road"]), nearly=False) else "address"


def _home(match: re.Match[str]) -> str | None:
    """ "zivim u Testnoj 12" is an address; "zivim u Beogradu 3 godine", "we live in 2 rooms" are none."""
    said = match["words"].split()
    words = [fold(word) for word in said]
    titled = len(said) > 1 and all(word[0].isupper() for word in said)
    if not titled and any(usual(word) for word in words):
        return None
    after = match["after"].strip()
    numbered = bool(match["no"].strip(" ,"))
    return None if after and not numbered and (fold(after) not in _MAY_FOLLOW) else "address"


_MAY_FOLLOW = frozenset(
    "and i dhe with sa me but ali por please molim pls ju kod te ne u na in near blizu prane afer help pomoc ndihme come dodji eja".split()
)
