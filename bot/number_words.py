"""The words that numbers are spelt with in English, Serbian and Albanian, and those that children put between them."""

from __future__ import annotations

_UNITS = (
    "zero oh o nil nought null|one won|two|three|four|five|six|seven|eight|nine",
    (
        "nula nulla nule|jedan jedna jedno jedinica|dva dve dvije dvojka|tri trojka|cetiri cetri cetvorka|pet petica"
        "|sest sestica|sedam sedmica|osam osmica|devet devetka"
    ),
    (
        "zero zer|nje nji nja|dy|tre tri|kater kat|pes pese pesa|gjasht gjashte|shtat shtate|tet tete"
        "|nent nente nand nante nant"
    ),
)
_TEENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen",
    (
        "deset|jedanaest jedanes|dvanaest dvanes|trinaest trines|cetrnaest cetrnes|petnaest petnes|sesnaest sesnes"
        "|sedamnaest sedamnes|osamnaest osamnes|devetnaest devetnes"
    ),
    (
        "dhjete dhjet|njembedhjete njemdhjet|dymbedhjete dymdhjet|trembedhjete tremdhjet|katermbedhjete katermdhjet"
        "|pesembedhjete pesemdhjet|gjashtembedhjete gjashtemdhjet"
        "|shtatembedhjete shtatemdhjet|tetembedhjete tetemdhjet|nentembedhjete nentemdhjet"
    ),
)
_TENS = (
    "twenty|thirty|forty fourty|fifty|sixty|seventy|eighty|ninety",
    (
        "dvadeset dvaes dvades|trideset tries trijes|cetrdeset cetres|pedeset pedes|sezdeset sezdes sesdeset"
        "|sedamdeset sedamdes|osamdeset osamdes|devedeset devedes"
    ),
    (
        "njezet njezete njizet|tridhjet tridhjete tridhet|dyzet dyzete katerdhet"
        "|pesedhjete pesdhjet pesdhet|gjashtedhjete gjashdhjet gjashtdhjet gjashtdhet gjashdhet"
        "|shtatedhjete shtatdhjet shtatdhet|tetedhjete tetdhjet tetdhet|nentedhjete nentdhjet nentdhet nantdhet"
    ),
)
_HUNDREDS = (
    "|||||||||",
    "|dvesta dvjesta dvesto dvjesto|trista tristo|cetiristo|petsto|sesto|sedamsto|osamsto|devetsto",
    "njeqind qind|dyqind|treqind|katerqind|peseqind|gjashteqind|shtateqind|teteqind|nenteqind",
)


def _worth(rows: tuple[str, ...], first: int) -> dict[str, str]:
    step = 10 if first >= 20 else 1
    step = 100 if first == 100 else step
    return {
        word: str(first + step * place)
        for row in rows
        for place, words in enumerate(row.split("|"))
        for word in words.split()
    }


def _together() -> dict[str, str]:
    """Numbers that are written as one word: "twentyone", "šezdesetčetiri", "gjashtëdhjetenëntë"."""
    return {
        ten + link + unit: f"{value[0]}{digit}"
        for tens, units in zip(_TENS, _UNITS, strict=True)
        for ten, value in _worth((tens,), 20).items()
        for unit, digit in _worth((units,), 0).items()
        for link in ("", "e", "i")
        if digit != "0"
    }


DIGIT_WORDS = _together() | _worth(_UNITS, 0) | _worth(_TEENS, 10) | _worth(_TENS, 20) | _worth(_HUNDREDS, 100)
"""Every word that stands for digits, folded but for capitals."""

LONGEST_WORD = max(map(len, DIGIT_WORDS))
AGAIN = {
    "double": 2,
    "duplo": 2,
    "dupla": 2,
    "duple": 2,
    "dvaput": 2,
    "dyfish": 2,
    "dyshe": 2,
    "triple": 3,
    "triput": 3,
    "tripla": 3,
}
"""Words after which a digit stands more than once, and how often."""

BETWEEN_DIGITS = (
    frozenset(
        "sto hundred stotinu next sledece pah kurse "
        "pa onda zatim then dash crtica crta space razmak razmaknica dot tacka tocka pike pik minus plus pastaj kaq "
        "slash zapeta comma presje vize viza hapesire hapsire kosa "
        "mandej masnej mandena posle poslije hyphen".split()
    )
    | AGAIN.keys()
)
"""Words that may stand between the digits of one number."""

LINKS = frozenset(("i", "e", "and"))
"""Such a word belongs to a spelt number ("šezdeset i četiri"); between written ones it begins another number."""
