"""Strange things to write and to send. Everything is invented; nothing here is anybody's number or name."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PHONE, EMAIL = "064 000 0000", "testa@example.com"
"""What a child types and nobody may read again, but in a bubble that is shown once."""

TOLD = (
    f"my number is {PHONE} ok",
    f"call me on {PHONE}",
    f"write to {EMAIL} please",
    f"moj broj je {PHONE} i mejl {EMAIL}",
    f"numri im është {PHONE}",
)

SAID = (
    "they locked me in a room help", "they want to sell me tonight", "i cannot leave the house", "they took my passport",
    "somebody touches me", "nuk më lënë të dal", "uzeli su mi pasos", "узели су ми пасош", "what are my rights", "hello", "yes", "no",
    "i dont know", "forget it", "what should i do", "po", "jo", "da", "ne", "не знам", "help", "my friend cannot go out", "i am 14",
    "my name is Testa", "zovem se Testa", "quhem Testa", "my teacher Mr Testovic", "ulica Izmisljena 5", "born on 01.02.2010",
    "/talk_to_human", "/menu", "/greet", '/greet{"name": "x"}', "person:yes", "happening:yes", "code:give",
)  # fmt: skip
"""Invented, few words, indirect; and what a child could copy from somewhere."""

ODD = (
    "[phone 1]", "[name 1]", "[name 9999]", "[email 12345]", "[code 1]", "[phone ١]", "[[name 1]", "{numbers}", "{0}", "{", "}", "{a.__class__}",
    "%s", "%(x)s", "\x00", "\x1b[2J", "\ud800", "\udfff", "\ud83d", "\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\ufeff", "\u2028", "\u0085",
    "e" + "\u0301" * 40, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "😭", "ﷺ", "ǆ", "İ", "ß", "ŉ", "ΐ", "ﬁ", "Ⅷ", "①", "²", "½", "٣", "३",
    "𝟘", "߁",
    "0640000000", "+381 64 000 0000", "1234 5678 9012 3456", "1234567890123456", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", "4111 1111 1111 1111", "AL00 0000 0000 0000",
    "00", "0", ".", "-", "(", ")", "/", "+", "@", "@testa", "a@", "@a.", "http://", "https://example.com/a?b=c", "www.", "t.me/", "44.81, 20.46",
    "one two three four five six seven", "nula sest cetiri", "null zero", "ул.", "br.", "nr.", "Mr ", "Mr.", "'", "’", "’s", "\n", "\t", "\r\n", " ",
)  # fmt: skip
"""Pieces that break things elsewhere."""

any_text = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)
"""Any code points, also halves of characters."""

_piece = st.one_of(st.sampled_from(SAID), st.sampled_from(ODD), any_text)
_joined = st.builds(str.join, st.sampled_from(["", " ", "\n", ". "]), st.lists(_piece, max_size=8))
_repeated = st.builds(lambda piece, times: (piece * times)[:5000], _piece, st.integers(1, 3000))
_two_repeated = st.builds(lambda one, two, times: ((one + two) * times)[:5000], _piece, _piece, st.integers(1, 1500))

codes = st.text(alphabet="0123456789", min_size=16, max_size=16).flatmap(
    lambda code: st.sampled_from(
        [code, " ".join(code[at : at + 4] for at in range(0, 16, 4)), f"my code {code}", f"{code} 14"]
    )
)

texts = st.one_of(*[_joined] * 7, *[_piece] * 5, _repeated, _two_repeated, codes)
"""What nobody means to write, and among it what children do write."""

_TAPS = (
    "person:yes", "person:no", "person:not_meant", "person:unsure", "person:cancel", "happening:yes", "happening:no", "country:ask", "country:AL",
    "country:XK", "code:give", "code:enter", "menu", "exit", "language:sq", "language:sr-Cyrl", "language:xx", "/menu", "/talk_to_human",
    "/my_rights", "/self_check", "/find_help", "/change_language", "show:[phone 1]", "hide:[phone 1]", "show:[name 2]", "tel:112",
)  # fmt: skip


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    tap = draw(st.sampled_from(_TAPS))
    at = draw(st.integers(0, len(tap)))
    what = draw(st.one_of(any_text, st.sampled_from(ODD)))
    return tap[:at] + what + tap[at + draw(st.integers(0, 3)) :]


taps = st.one_of(st.sampled_from([tap for tap in _TAPS if tap != "code:give"]), _mutated(), any_text)
"""Taps of every kind, and what a client of somebody's own could send in their place."""

hints = st.one_of(st.sampled_from(["", "en", "sq", "sr", "sr-Latn-RS", "de", "x-y", "_", "SR_cyrl"]), any_text)

numbers = st.one_of(st.integers(-3, 10), st.sampled_from([2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30, 10**400]))

json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.floats(), any_text, st.sampled_from(ODD)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(any_text, inner, max_size=3)),
    max_leaves=6,
)
"""Anything that JSON can say, and what only Python's reader takes for it (NaN)."""
