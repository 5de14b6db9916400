"""Takes out of a message what could lead to a person, before anything else sees it (promise 2).

Ages, countries, prices, times and small numbers stay: a counsellor needs them, and they identify nobody. What is taken out leaves a placeholder
that reads as a word, so that the disclosure around it is still understood. Every pattern begins where a word begins and repeats a bounded
number of times, so that no message can make it slow. Names are seen by bot/names.py.
"""

from __future__ import annotations

import re

from bot.names import usual, without_names
from bot.numbers import without_numbers
from nlu.folding import fold

_ENDS = "com|net|org|info|rs|hr|si|mk|gr|bg|ro|eu|de|uk|gov|edu|app|gg|tv|ly|xyz|site|online|chat"
_LINK = re.compile(
    r"(?<![\w@.])(?:https?://\S+|www\.\S+|(?:[\w-]{1,63}\.){1,4}(?:"
    + _ENDS
    + r"|al|ba|me|io|be|it|ru|ua|tr|hu|md)/\S+|(?:[\w-]{1,63}\.){1,4}(?:"
    + _ENDS
    + r")\b(?![@\w]))",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}"
    r"|[\w.+-]{1,64}\s{0,2}(?:@|[(\[]at[)\]])\s{0,2}[\w-]{1,63}(?:\s{0,2}\.\s{0,2}[a-z]{2,6}){1,3}\b"
    r"|(?P<spelt>[\w.+-]{1,64})\s{1,2}(?:at|et|kod|majmun|ludo a|manki|ет|код|мајмун|лудо а)\s{1,2}[\w-]{1,63}"
    r"(?:(?:\.|\s{1,2}(?:dot|pik[eë]|ta[čc]ka|тачка)\s{1,2})[a-zа-я]{2,10}){0,2}"
    rf"(?:\.|\s{{1,2}}(?:dot|pik[eë]|ta[čc]ka|тачка)\s{{1,2}})(?:{_ENDS}|al|ba|me|it|ru|tr|hu|ком|цом|рс)\b)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]{2,63}")
_ACCOUNT = re.compile(
    r"(?<!\w)((?:insta(?:gram)?\w{0,2}|ig|snap(?:chat)?|tik\s?tok|telegram|tg|discord|viber|facebook|fb|roblox|username|user|nick?"
    r"|korisni[čc]ko ime|profili?|llogaria"
    r"|инста(?:грам)?|снеп(?:чет)?|тик\s?ток|телеграм|фејсбук|профил)(?:\s(?:name|user|nik|ime|mi|im|profil|account|acc|име|ми|nalog)){0,2}"
    r"\s{0,2}(?::|=|\bis\b|\bje\b|\b[eë]sht[eë]\b|\bje mi\b|\bје\b)?\s{0,2})"
    r"(?=\w{0,40}[\d_.]\w)([^\W\d][\w.]{2,40}\w)",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<!\w)(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?|[a-z]{2}\d{2}(?: ?\d{4}){3,7}(?: ?\d{1,3})?)(?!\w)"
)
_COORDINATES = re.compile(
    r"(?<![\w.])[-+]?\d{1,3}[.,]\d{3,10}\s{0,2}°?\s?[NSns]?\s{0,2}[,;/ ]\s{0,2}[-+]?\d{1,3}[.,]\d{3,10}(?!\d)(?:\s?°)?(?:\s?[EWew]\b)?"
    r"|(?<![\w.])\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d{1,4})?\s?[\"”″]\s?)?[NSns]?[,\s]{0,3}"
    r"\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?(?:\d{1,2}(?:[.,]\d{1,4})?\s?[\"”″]\s?)?[EWew]?"
)
_MONTH = (
    "jan(?:uary|uar\\w?)?|janar\\w?|feb(?:ruary|ruar\\w?)?|shkurt\\w?|mar(?:ch|t|ta|s|tit)?|apr(?:il|ila|ili)?|prill\\w?|may|maj\\w?|june?|juna?|qershor\\w?"
    "|july?|jula?|korrik\\w?|aug(?:ust|usta)?|avgust\\w?|gusht\\w?|sept?(?:ember|embra|embar)?|shtator\\w?|oct(?:ober)?|okt(?:obar|obra)?|tetor\\w?|nov(?:ember|embar|embra)?"
    "|n[eë]ntor\\w?|dec(?:ember|embar|embra)?|dhjetor\\w?|јануар\\w?|фебруар\\w?|март\\w?|април\\w?|мај\\w?|јуна?|јула?|август\\w?|септембр?а?р?|октоба?р?а?|новемба?р?а?|децемба?р?а?"
)
_DATE = re.compile(
    r"(?<![\w.])(?:[0-3]?\d\s?[./-]\s?[01]?\d\s?[./-]\s?(?:19|20)?\d\d|(?:19|20)\d\d\s?[./-]\s?[01]?\d\s?[./-]\s?[0-3]?\d"
    rf"|[0-3]?\d(?:st|nd|rd|th)?\.?\s{{1,2}}(?:of\s)?(?:{_MONTH})\.?,?\s{{1,2}}(?:19|20)\d\d|(?:{_MONTH})\s{{1,2}}[0-3]?\d(?:st|nd|rd|th)?,?\s{{1,2}}(?:19|20)\d\d)(?!\w)(?:\.(?=\s|$))?",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"(?<!\w)((?:born on|birthday is(?: on)?|birthday on|ro[dđ]j?en[a]? (?:sam )?|ro[dđ]endan(?: mi je)?|ro[dđ]jendan(?: mi je)?|lindur m[eë]"
    r"|dit[eë]lindjen (?:e kam )?m[eë]"
    r"|рођена? (?:сам )?|рођендан(?: ми је)?)\s{0,2}(?:the\s|на\s|na\s|dana\s)?)"
    rf"([0-3]?\d\s?[./-]\s?[01]?\d\.?|[0-3]?\d(?:st|nd|rd|th)?\.?\s{{1,2}}(?:of\s)?(?:{_MONTH})|(?:{_MONTH})\s{{1,2}}[0-3]?\d(?:st|nd|rd|th)?)(?!\w)",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZČĆŽŠĐ]{2}[ -]?\d{3,4}[ -]?[A-ZČĆŽŠĐ]{2}|[А-ЯЂЈЉЊЋЏ]{2}[ -]?\d{3,4}[ -]?[А-ЯЂЈЉЊЋЏA-Z]{2}|[a-zčćžšđ]{2}-?\d{3,4}-?[a-zčćžšđ]{2}"
    r"|0\d[ -]\d{3}[ -][A-Za-z]{2}|[A-Z]\d{2}-[A-Z]-\d{3}|[A-Z]{2} ?[A-Z]{2} ?\d{3})(?![\w-])"
)
_DOCUMENT = re.compile(
    r"(?<!\w)(?:(?!(?:EUR|USD|RSD|DIN|LEK|ALL|CHF)\b)[A-Z]{1,3} ?\d{6,9}[A-Z]?|[a-z]{1,2}\d{7,9}[a-z]?)(?!\w)"
)
_DOCUMENT_NAMED = re.compile(
    r"(?<!\w)((?:passport|paso[sš]\w{0,3}|пасош\w{0,3}|pasaport[aeë]\w{0,2}|id card|identity card|li[čc]n[aeu] kart[aeu]|личн[аеу] карт[аеу]"
    r"|let[eë]rnjoftimi?\w{0,2}|jmbg|јмбг|embg"
    r"|ssn|nid|card|kartic[aeu]|картиц[аеу]|kart(?:a|[eë]n?|ela|el[eë]n)|account|ra[čc]un\w?|рачун\w?|llogaria?\w?)(?:\s(?:mi|im|ime|my|the|ми|number|no|broj|br|nr|numri|број|бр)\.?){0,3}"
    r"\s?(?::|\bis\b|\bje\b|\b[eë]sht[eë]\b|\bје\b)?\s{0,2}#?)"
    r"(?=\w{0,8}\d{4})([A-Za-z]{0,3}\d{5,20}[A-Za-z]?|[A-Za-z]{0,3}\d{4}(?:[ -]\d{3,4}){1,4})(?!\w)",
    re.IGNORECASE,
)

_UP = "A-ZČĆŽŠĐËÇА-ЯЂЈЉЊЋЏ"
_TITLE = rf"[{_UP}][\w'’-]{{1,40}}"
_NO = r"(?:br\.?|broj|nr\.?|numri|number|no\.?|бр\.?|број)"
_HOUSE = rf"(?:,?\s{{1,2}}{_NO}?\s{{0,2}}\d{{1,4}}\s?[a-zA-Zа-яА-Я]?(?:/\d{{1,3}})?\b)"
_ROAD = (
    r"(?:[Uu]lic[aieu]|ULIC[AIEU]|[Uu]l\.|[Bb]ulevar\w{0,2}|[Tt]rg\w?|[Rr]rug[aeën]{1,3}|[Rr]r\.|[Bb]ulevardi\w?|[Ll]agj[jaeën]{1,3}|[Ll]agja|"
    r"[Уу]лиц[аиеу]|[Уу]л\.|[Бб]улевар\w{0,2}|[Тт]рг\w?)"
)
_STREET = re.compile(
    rf"(?<!\w)(?:{_ROAD}\s{{1,2}}(?P<named>{_TITLE}(?:\s{{1,2}}{_TITLE}){{0,3}}(?:\s{{1,2}}[a-zа-я]{{2,12}}(?=,?\s{{1,2}}{_NO}?\s{{0,2}}\d))?){_HOUSE}?"
    rf"|{_ROAD}\s{{1,2}}(?P<small>\w{{2,40}}(?:\s{{1,2}}\w{{2,40}})?){_HOUSE}"
    rf"|{_TITLE}\s{{1,2}}(?:ulic[aieu]|улиц[аиеу]){_HOUSE}?"
    rf"|\d{{1,4}}[a-z]?,?\s{{1,2}}(?P<english>(?:[A-Za-z][\w'’-]{{1,40}}\s{{1,2}}){{1,3}}(?:[Ss]treet|[Ss]t\.|[Rr]oad|[Rr]d\.?|[Aa]venue|[Aa]ve\.?|[Ll]ane|[Ss]quare|[Dd]rive))\b)"
    rf"(?:,\s{{1,2}}(?:\d{{4,5}}\s{{1,2}})?{_TITLE})?"
)
_ENTRANCE = re.compile(
    rf"(?<!\w)(?:(?:pallati|hyrja|shkalla|apartamenti|ap\.|banesa|ulaz|улаз|flat|apartment|apt\.?)\s{{1,2}}(?:{_NO}\s{{0,2}})?\d{{1,4}}\w?\b"
    rf"|(?:stan|zgrada|стан|зграда)\s{{1,2}}{_NO}\s{{0,2}}\d{{1,4}}\w?\b)",
    re.IGNORECASE,
)
_TOWN = re.compile(rf"(?<![\w.])\d{{5}}\s{{1,2}}({_TITLE})(?:\s{{1,2}}{_TITLE})?")

_DIGIT = re.compile(r"\d")


def redact(text: str) -> str:
    """The message with placeholders in place of what could identify: [link] [email] [account] [date] [place] [number] [phone]
    [document] [address] [name]. Never raises; the length of the work is bounded by the length of the text."""
    text = _LINK.sub("[link]", _EMAIL.sub(_email, text))
    text = _ACCOUNT.sub(_account, _HANDLE.sub("[account]", text))
    if _DIGIT.search(text):
        text = _COORDINATES.sub("[place]", _IBAN.sub("[number]", text))
        text = _BORN.sub(r"\1[date]", _DATE.sub("[date]", text))
        text = _DOCUMENT.sub("[document]", _DOCUMENT_NAMED.sub(r"\1[document]", _PLATE.sub("[number]", text)))
        text = _TOWN.sub(_unless_usual, _ENTRANCE.sub("[address]", text))
    return without_names(without_numbers(_STREET.sub(_address, text)))


def _email(match: re.Match[str]) -> str:
    """An address spelt out with "at", unless it is a usual word that stands there: "look at example.com"."""
    spelt = match.group("spelt")
    return match.group() if spelt and usual(fold(spelt)) else "[email]"


def _account(match: re.Match[str]) -> str:
    return match.group() if usual(fold(match.group(2))) else f"{match.group(1)}[account]"


def _address(match: re.Match[str]) -> str:
    """An address, unless its words are the usual ones of a sentence: "na ulici sam 3 sata"."""
    words = (match.group("small") or match.group("english") or "").split()
    if match.group("english"):
        words.pop()  # "street"
        if all(word.istitle() for word in words):
            return "[address]"
    folded = [fold(word) for word in words]
    return match.group() if any(usual(word) or len(word) < 3 for word in folded) else "[address]"


def _unless_usual(match: re.Match[str]) -> str:
    return match.group() if usual(fold(match.group(1))) else "[address]"
