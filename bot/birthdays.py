"""Takes out dates of birth (promise 2).

A date with a year is one unless the year is too near for somebody who can write: when something happened stays, the counsellor needs it. A date
without a year is one after words such as "my birthday is". An age, or the year alone, stays. Patterns look in the plain view (bot/draft.py).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.draft import Draft

YOUNGEST = 5
"""Nobody younger than this many years writes to a helpline."""

_EN_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_SR_MONTH = (
    "januar\\w?|februar\\w?|mart\\w?|apr|april\\w?|maj\\w?|jun\\w?|jul\\w?|avg|avgust\\w?|aug|sept?|septemb\\w{1,3}"
    "|okt|oktob\\w{1,3}|novemb\\w{1,3}|decemb\\w{1,3}"
)
_BS_MONTH = (
    "juni|juli|sijecnj\\w|veljac\\w|ozujk\\w|travnj\\w|svibnj\\w|lipnj\\w|srpnj\\w|kolovoz\\w|rujn\\w|listopad\\w"
    "|studen\\w{1,2}|prosin\\w{1,2}"
)
_SQ_MONTH = (
    "janar\\w{0,2}|shkurt\\w{0,2}|mars\\w{0,2}|prill\\w{0,2}|maj\\w{0,2}|qershor\\w{0,2}|korrik\\w{0,2}|gusht\\w{0,2}"
    "|shtator\\w{0,2}|tetor\\w{0,2}|nentor\\w{0,2}|nandor\\w{0,2}|dhjetor\\w{0,2}"
)
_MONTH = f"(?:{_EN_MONTH}|{_SR_MONTH}|{_BS_MONTH}|{_SQ_MONTH})"

_EN_TH = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth"
    "|nineteenth|twentieth|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth"
    "|thirty[ -]first"
)
_SR_ONE = "prv|drug|trec|cetvrt|pet|sest|sedm|osm|devet"
_SR_TH = (
    f"(?:(?:dvadeset|trideset)\\s(?:i\\s)?)?(?:{_SR_ONE})(?:og|eg|i|a|oga)|(?:deset|jedanaest|dvanaest|trinaest"
    f"|cetrnaest|petnaest|sesnaest|sedamnaest|osamnaest"
    "|devetnaest|dvadeset|trideset)(?:og|i|oga)"
)
_SQ_TH = (
    "(?:njezet|tridhjete|njezete)(?:\\se\\s(?:nje|dy|tre|kater|pese|gjashte|shtate|tete|nente))?|(?:nje|dy|tre|kater"
    "|pese|gjashte|shtate|tete|nente)(?:mbedhjete)?|dhjete|pare"
)
_WORD_DAY = f"(?:{_EN_TH}|{_SR_TH}|{_SQ_TH})"
_DAY = r"[0-3]?\d(?:st|nd|rd|th|og|eg|\.|-og|-ti)?"
_SIGN = r"\s?[./\-, ]\s?"
_YEAR = r"(?:19|20)\d\d"

_DATE = re.compile(
    rf"(?<![\w.])(?:[0-3]?\d\s?[./\-]\s?[01]?\d\s?[./\-]\s?(?P<y1>(?:19|20)?\d\d)"
    rf"|(?P<y2>{_YEAR})\s?[./\-]\s?[01]?\d\s?[./\-]\s?[0-3]?\d"
    rf"|[0-3]?\d [01]?\d (?P<y5>{_YEAR})"
    r")(?!\w)(?:\.(?=\s|$))?",
    re.IGNORECASE,
)
_YEAR_WRITTEN = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_DATE_IN_WORDS = re.compile(
    rf"(?<![\w.])(?:(?:{_DAY}|{_WORD_DAY})\.?\s{{0,2}}(?:of\s|te\s|i\s)?{_MONTH}\.?,?\s{{0,2}}(?:te\s|e\s|viti?\s|of\s"
    rf"|in\s)?(?P<y3>{_YEAR})"
    rf"|{_MONTH}\.?\s{{1,2}}(?:the\s)?{_DAY},?\s{{1,2}}(?P<y4>{_YEAR}))(?!\w)(?:\.(?=\s|$))?",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"(?<!\w)(?:(?:was |were )?born|birth\s?day|b-?day|date of birth|birth date|birthdate|d\.?o\.?b\.?|(?:i |he |she "
    r"|i'll |ill |will )?turn(?:s|ed|ing)? \d{1,2}"
    r"|ro[dj]{1,2}en[ai]?|rodjend?an\w{0,2}|rodend?an\w{0,2}|rodjo|rodjos|roda|rodjkan|rodjus|rodjendan"
    r"|datum rodj?enj?a|datum rodj?enj?ja|punim \d{1,2}|puni \d{1,2}|napunim \d{1,2}|napunio \d{1,2}"
    r"|napunila \d{1,2}|(?:kam|jam|ka|eshte|u)?\s?(?:lindur|lind|linda|lindi|le)|dit[ae]?\s?e?\s?lindj\w{0,4}"
    r"|ditelindj\w{0,4}|datelindj\w{0,4}|data e lindjes|dtl|ditlindj\w{0,4}|mbush \d{1,2}|mbushi \d{1,2})"
    r"(?:[\s,:]{1,3}(?:the|is|its|it's|on|my|i|was|in|at|na|dan|dana|sam|je|mi|mu|joj|smo|godin\w|god|a|to|tog|kam|ka"
    r"|eshte|osht|asht|esht|me|m|me date|date|daten|im|ime|e|te|u|ne|jam|jemi|vjec|vjet|years|old)\b){0,5}[\s,:]{1,3}"
    rf"(?P<piece>(?:[0-3]?\d\s?[./\-]\s?[01]?\d(?![\d./-]{{0,1}}\d)\.?|(?:{_DAY}|{_WORD_DAY})\.?\s{{0,2}}(?:of\s|te\s"
    rf"|i\s)?{_MONTH}|{_MONTH}\.?\s{{1,2}}(?:the\s)?(?:{_DAY}|{_EN_TH})"
    rf"|(?:{_SR_TH})\s{{1,2}}(?:{_SR_TH})|[0-3]?\d\s?[./\-, ]\s?[01]?\d\s?[./\-, ]\s?(?:{_YEAR}"
    rf"|\d\d))(?!\w)(?:\.?,?\s{{0,2}}(?:te\s|viti\s)?(?:{_YEAR}|dve hiljade \w+|two thousand \w+"
    rf"|dymije e \w+))?(?!\w)(?:\.(?=\s|$))?)",
    re.IGNORECASE,
)


def take_birthdays(draft: Draft) -> None:
    """Take [date]."""
    if draft.has_letters:
        draft.take(_BORN, "date")
    if draft.has_digits:
        draft.take(_DATE, _date)
    if draft.has_letters and _YEAR_WRITTEN.search(draft.plain):
        draft.take(_DATE_IN_WORDS, _date)


def _date(match: re.Match[str]) -> str | None:
    year = next(value for name, value in match.groupdict().items() if name.startswith("y") and value)
    now = datetime.now(UTC).year
    written = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= now % 100 else 1900)
    return "date" if written <= now - YOUNGEST else None
