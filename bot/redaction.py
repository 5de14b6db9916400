"""Takes out of a message what could lead to a person, before anything else sees it (promise 2).

Ages, countries and small numbers stay: a counsellor needs them, and they identify nobody. What is taken out leaves a placeholder
that reads as a word, so that the disclosure around it is still understood.
"""

from __future__ import annotations

import re

import phonenumbers

REGIONS = ("AL", "BA", "BG", "GR", "HR", "HU", "MD", "ME", "MK", "RO", "RS", "SI", "TR", "UA", "XK")
"""The countries of the service directory; a number written the national way is looked for in each."""

_DIGITS = "0-9٠-٩۰-۹"
_LETTER = r"[^\W\d_]"
_NAME = rf"(?:{_LETTER}[\w'’-]+)(?:\s+[A-ZČĆŽŠĐËÇА-ЯЂЈЉЊЋЏ][\w'’-]+)?"
_CAPITAL = r"[A-ZČĆŽŠĐËÇА-ЯЂЈЉЊЋЏ][\w'’-]+(?:\s+[A-ZČĆŽŠĐËÇА-ЯЂЈЉЊЋЏ][\w'’-]+)?"

_NOT_A_NAME = frozenset(
    [
        "a",
        "an",
        "the",
        "not",
        "so",
        "very",
        "really",
        "here",
        "there",
        "alone",
        "afraid",
        "scared",
        "ok",
        "okay",
        "fine",
        "sorry",
        "tired",
        "in",
        "at",
        "on",
        "from",
        "with",
        "going",
        "being",
        "sam",
        "sama",
        "sâm",
        "ovde",
        "ovdje",
        "tu",
        "iz",
        "u",
        "na",
        "od",
        "ne",
        "jako",
        "mnogo",
        "malo",
        "i",
        "nikad",
        "kako",
        "sto",
        "što",
        "ne",
        "nga",
        "te",
        "tek",
        "me",
        "shume",
        "pak",
        "i",
        "e",
        "nje",
        "ketu",
        "këtu",
        "vetem",
        "vetëm",
        "frike",
        "si",
    ]
)
"""Words that follow "I am" or "my name" without being a name."""

_LINK = re.compile(
    r"\b(?:https?://|www\.)\S+|\b(?:t\.me|wa\.me|discord\.gg|instagram\.com|facebook\.com|fb\.com|tiktok\.com|snapchat\.com)/\S+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]{2,}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_DATE = re.compile(
    r"(?<!\d)(?:[0-3]?\d\s?[./-]\s?[01]?\d\s?[./-]\s?(?:19|20)?\d\d|(?:19|20)\d\d-[01]\d-[0-3]\d)(?!\d)\.?"
)
_COORDINATES = re.compile(r"[-+]?\d{1,3}[.,]\d{4,}\s*[,; ]\s*[-+]?\d{1,3}[.,]\d{4,}")
_LONG_NUMBER = re.compile(rf"(?<![\w])\+?[(]?[{_DIGITS}](?:[\s()./\-–_,]{{0,3}}[{_DIGITS}]){{6,}}(?![\w])")
_DOCUMENT = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z]{1,3}[ ]?\d{6,9}[A-Z]?\b")
_PLATE = re.compile(r"\b[A-ZČĆŽŠĐ]{2}[ -]?\d{3,4}[ -]?[A-ZČĆŽŠĐ]{2}\b")
_STREET = re.compile(
    rf"\b(?:ulica|ulici|ul\.|bulevar\w*|trg\w*|rruga|rrugën|rrugen|rr\.|bulevardi|lagjja|улица|улици|булевар\w*|трг\w*)\s+(?:{_LETTER}[\w'’-]*\s+){{1,4}}?(?:br\.?\s*|nr\.?\s*|бр\.?\s*)?\d{{1,4}}\w?\b"
    rf"|\b\d{{1,4}}\s+(?:{_LETTER}[\w'’-]*\s+){{1,3}}(?:street|st\.|road|rd\.|avenue|ave\.?|lane|square)\b",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"(\b(?:my (?:full )?name(?:'s|s| is)|im called|i'm called|i am called|call me|zovem se|zove se|zovu me|ime mi je|moje ime je|prezivam se|"
    r"quhem|më quajnë|me quajne|emri im është|emri im eshte|emrin e kam|quhet|зовем се|зове се|зову ме|име ми је|моје име је|презивам се)\s+)"
    rf"({_NAME})",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"(\b(?:Mr|Mrs|Ms|Miss|Dr|[Tt]eacher|[Uu]ncle|[Aa]unt|[Cc]oach|[Gg]ospodin|[Gg]ospođa|[Nn]astavni(?:k|ca)|[Uu]čitelj(?:ica)?|[Tt]rener|[Uu]jak|[Tt]eča|[Čč]ika|[Tt]etka|[Zz]oti|[Zz]onja|[Mm]ësues(?:i|ja)|[Mm]esues(?:i|ja)|[Xx]haxhi|[Dd]aja|[Гг]осподин|[Гг]оспођа|[Нн]аставни(?:к|ца)|[Тт]ренер|[Чч]ика|[Тт]етка|[Уу]јак)\.?\s+)({_CAPITAL})"
)
_I_AM = re.compile(rf"(\b(?:[Ii] ?['’]?a?m|[Jj]a sam|[Uu]në jam|[Uu]ne jam|[Јј]а сам)\s+)({_CAPITAL})")


def redact(text: str) -> str:
    """The message with placeholders in place of what could identify: [link] [email] [account] [date] [place] [number] [phone]
    [document] [address] [name]. Never raises; the length of the work is bounded by the length of the text."""
    for pattern, placeholder in (
        (_LINK, "[link]"),
        (_EMAIL, "[email]"),
        (_HANDLE, "[account]"),
        (_IBAN, "[number]"),
        (_COORDINATES, "[place]"),
        (_DATE, "[date]"),
    ):
        text = pattern.sub(placeholder, text)
    text = _STREET.sub("[address]", text)
    text = _LONG_NUMBER.sub(_number, text)
    text = _PLATE.sub("[number]", _DOCUMENT.sub("[document]", text))
    text = _INTRODUCED.sub(_unless_a_word, text)
    text = _TITLED.sub(r"\1[name]", text)
    return _I_AM.sub(_unless_a_word, text)


def _unless_a_word(match: re.Match[str]) -> str:
    return match.group() if match.group(2).split()[0].lower() in _NOT_A_NAME else f"{match.group(1)}[name]"


def _number(match: re.Match[str]) -> str:
    """A telephone number where one of the countries says so, any other long number otherwise."""
    candidate = match.group()
    for region in REGIONS:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(candidate, region)):
                return "[phone]"
        except phonenumbers.NumberParseException:
            continue
    return "[number]"
