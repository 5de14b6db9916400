"""Takes out the numbers of papers, accounts, cards and vehicles (promise 2).

Bank accounts are known by their check digits (ISO 13616), cards by theirs (bot/code.py), so that an ordinary number is not taken for one. Plates
are those of the countries of the service directory. Patterns look in the plain view (bot/draft.py).
"""

from __future__ import annotations

import re

from bot.code import is_card, sixteen_digits
from bot.draft import Draft
from bot.vocabulary import usual, words_for
from nlu.folding import fold

_IBAN = re.compile(
    r"(?<!\w)(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?"
    r"|[a-z]{2}\d{2}(?:[ -]?\d{4}){3,7}(?:[ -]?\d{1,3})?)(?!\w)"
)
_LOOSE_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}[ .-]?\d{2}(?:[ .-]?[A-Za-z0-9]{1,6}){3,9}(?!\w)")
_OTHER_CARD = re.compile(r"(?<![\w+])(?:3\d{3}[ -]\d{6}[ -]\d{5}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,3})(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")

_MONEY = r"(?:EUR|USD|RSD|DIN|LEK|ALL|CHF|GBP|BAM|MKD|TRY|RON|BGN|HUF|UAH|MDL|KM|KN|HRK|TL|FT)"
_DOCUMENT = re.compile(
    rf"(?<!\w)(?:(?!{_MONEY}\b)[A-Z]{{1,3}}[ -]?\d{{6,9}}[A-Z]?|[a-z]{{1,2}}\d{{7,9}}[a-z]?|[A-Z]\d{{8}}[A-Z])(?!\w)"
)
_PAPERS = (
    r"pass?ports?|paso[sc]\w{0,3}|pasapor\w{0,4}|putovnic\w|id card|id no|id|identity card|ids|licn[aeiu] kart[aeu]"
    r"|licn[aeiu]|lk|osobn[aeu] iskaznic[aeu]"
    r"|leternjoftimi?\w{0,2}|let[eë]rnjoftim\w{0,3}|karta e identitetit|kart\w{0,3} identitet\w{0,2}|jmbg|embg"
    r"|maticni(?: broj)?|maticnog|nid|oib|egn|cnp|tckn|pib|nipt|nuis|numri personal|nr personal"
    r"|personal number|personal no|visa|viz[aeu]|permit|residence permit|dozvol[aeu]|vozack[aeu]|patent\w{0,2}"
    r"|driving licen[cs]e|ssn|social security|zdravstven[aeu]|knj?izic[aeu]|kartel[aeë]\w?"
    r"|iban|bank account|account|acc|credit card|debit card|card|kartic[aeu]|kart(?:a|en?|ela|elen)|racun\w?"
    r"|ziro racun|tekuci racun|llogari\w{0,3}|numri i llogarise|document|dokument\w{0,2}|certificate"
)
_BETWEEN = (
    r"(?:mi|im|ime|my|the|his|her|tim|nj?en|nj?egov|number|no|num|broj|br|nr|numri|numrin|numer|e|i|s|se|is|je|su"
    r"|eshte|esht|osht|asht|te|se|kam|has|od|za|of|bankes|identiteti|identitetit|ketu|ovo|evo|sa brojem|pod brojem)"
)
_DOCUMENT_NAMED = re.compile(
    rf"(?<!\w)(?:{_PAPERS})(?:[\s.:=#-]{{1,3}}{_BETWEEN}\b){{0,5}}[\s.:=#-]{{1,4}}(?P<piece>(?=[A-Za-z "
    rf"-]{{0,6}}(?:\d[ -]?){{4}})"
    r"[A-Za-z]{0,3}[ -]?(?:\d{5,20}[A-Za-z]{0,2}|\d{2,5}(?:[ -]\d{2,6}){1,6}[A-Za-z]?))(?!\w)",
    re.IGNORECASE,
)
_NUMBER_OF_PAPER = re.compile(
    rf"(?<!\w)(?:br|broj|numri|nr|number|no)\.?\s{{1,2}}(?:i\s|e\s"
    rf"|of\s(?:my\s)?)?(?:{_PAPERS})(?:[\s.:=#-]{{1,3}}{_BETWEEN}\b){{0,5}}[\s.:=#-]{{1,4}}"
    r"(?P<piece>[A-Za-z]{0,3}[ -]?\d{4,20}[A-Za-z]{0,2})(?!\w)",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])[09]\d{8}(?!\d)")
_BANK = re.compile(r"(?<![\d-])\d{3}-\d{6,13}-\d{2}(?![\d-])")

_PLATE = re.compile(
    r"(?<![\w-])(?:(?P<a>[A-Z]{2})[ -]?\d{3,5}[ -]?(?P<b>[A-Z]{1,2})"  # AL RS HR BA(old) UA BG MK
    r"|[A-Z][ -]?\d{4}[ -]?[A-Z]{2}"  # BG
    r"|[a-z]{2}-?\d{3,4}-?[a-z]{2}|(?<!\d[ -])0\d[ -]\d{3}[ -](?P<xk>[A-Za-z]{2})"  # XK
    r"|[A-Za-z]\d{2}[ -][A-Za-z][ -]\d{3}|\d{3}-[A-Za-z]-\d{3}"  # BA
    r"|(?P<c>[A-Z]{2}) ?-?(?P<d>[A-Z]{2}) ?-?\d{3}|[A-Z]{3}-\d{3,4}"  # ME SI HU GR MD
    rf"|(?P<e>[A-Z]{{2}}) ?-?\d{{2,3}} ?-?(?P<f>(?!{_MONEY}\b|MIN\b)[A-Z]{{3}})|B ?-?\d{{2,3}} ?-?(?!{_MONEY}\b"
    rf"|MIN\b)[A-Z]{{3}}"  # RO
    rf"|[0-8]\d ?-?(?P<g>(?!{_MONEY}\b|MIN\b)[A-Z]{{2,3}}) ?-?\d{{2,4}}|(?P<h>[A-Z]{{2}}) [A-Z]{{1,2}}\d?-\d{{3}}"
    rf"|[A-Z]{{2}}\d{{2}} [A-Z]{{3}})(?![\w-])"  # TR SI GB
)
_PLATE_NAMED = re.compile(
    r"(?<!\w)(?:plates?|number plate|licen[cs]e plate|registration|reg|tablic\w{0,3}|registarsk\w{0,3}"
    r"|registracij\w{0,2}|rega|reg\. oznak\w|targ[ae]?\w{0,3}|tabela\w{0,2}"
    r"|car|van|truck|taxi|auto\w{0,3}|kola|kolima|kombi\w{0,2}|taksi\w{0,2}|makin\w{0,2}|vetur\w{0,2}|furgon\w{0,2}"
    r"|kerr\w{0,2})"
    r"(?:[\s:,]{1,3}[a-z]{1,12}){0,4}?[\s:]{1,3}(?P<piece>(?:[a-z]{1,3}[ -]?){1,2}\d{2,5}(?:[ -]?[a-z]{1,3})?"
    r"|\d{2,3}[ -]?[a-z]{1,3}[ -]?\d{2,4}|\d{2}[ -]\d{3}[ -][a-z]{2}"
    r"|[a-z]\d{2}[ -]?[a-z][ -]?\d{3})(?![\w-])",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b[A-Z]{2,}\b")
_TWO_DIGITS = re.compile(r"\d\D{0,9}\d")
"""No number here has fewer."""

_LETTERS = re.compile(r"[A-Za-z]+")


def take_papers(draft: Draft) -> None:
    """Take [code], [card], [document], and as [number] bank accounts, personal numbers and plates."""
    if not _TWO_DIGITS.search(draft.plain):
        return
    if draft.has_letters:
        draft.take(_IBAN, "number")
        draft.take(_LOOSE_IBAN, lambda match: "number" if _is_iban(match.group()) else None)
    draft.take_spans(
        [(start, end, _sixteen(digits)) for start, end, digits in sixteen_digits(draft.plain) if _no_years(digits)]
    )
    draft.take(_OTHER_CARD, lambda match: "card" if is_card("".join(filter(str.isdigit, match.group()))) else None)
    draft.take(_BANK, "number")
    if draft.has_letters:
        draft.take(_PLATE, _plate)
        draft.take(_DOCUMENT_NAMED, "document")
        draft.take(_NUMBER_OF_PAPER, "document")
    draft.take(_PERSONAL, "number")
    if draft.has_letters:
        draft.take(_PLATE_NAMED, _plate_named)
        draft.take(_DOCUMENT, "document")


def _sixteen(digits: str) -> str:
    return "card" if is_card(digits) else "code"


def _no_years(digits: str) -> bool:
    """Whether it is more than four years in a row: "2019 2020 2021 2022"."""
    years = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return years != sorted(years) or not all(_YEAR.fullmatch(year) for year in years)


def _is_iban(text: str) -> bool:
    letters = "".join(filter(str.isalnum, text)).upper()
    if not 15 <= len(letters) <= 34:
        return False
    turned = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _plate(match: re.Match[str]) -> str | None:
    """A plate, unless its letters are words of a shouted sentence: "DAO MI 500 TO JE"."""
    groups = [match[name] for name in (*"abcdefgh",) if match[name]]
    if any(re.fullmatch(_MONEY, letters) for letters in groups):
        return None
    if match["xk"] and match["xk"].islower() and usual(match["xk"]):
        return None
    around = match.string[max(0, match.start() - 40) : match.start()] + match.string[match.end() : match.end() + 40]
    shouted = " " in match.group() and _SHOUTED.search(around)
    return None if shouted and any(usual(fold(letters)) for letters in groups) else "number"


def _plate_named(match: re.Match[str]) -> str | None:
    """Letters and digits after "plate" or "car"; smaller groups in a usual sentence ("auto od 5000 e") are none."""
    letters = _LETTERS.findall(match["piece"])
    digits = sum(letter.isdigit() for letter in match["piece"])
    if (
        any(
            (usual(fold(one)) if len(letters) == 1 else fold(one) in words_for("never"))
            or re.fullmatch(_MONEY, one.upper())
            for one in letters
        )
        or digits < 3
        or len("".join(letters)) < 2
    ):
        return None
    return "number"
