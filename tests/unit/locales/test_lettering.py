"""Letters are shaped, ordered and measured before they are drawn."""

from __future__ import annotations

import pytest

from locales.lettering import Box, Line, NoSuchLetter, TextTooLong, fit, set_line


def names(line: Line) -> list[str]:
    return [glyph.font.glyph_to_string(glyph.number) for glyph in line.glyphs]


def test_arabic_letters_are_joined_and_stand_from_right_to_left() -> None:
    meem, alif, lam, seen = names(set_line("سلام", right_to_left=True))
    assert seen.endswith(".init")  # the word begins at the right, its first letter open to the next one
    assert "medi" in lam
    assert "fina" in alif
    assert [meem] == names(
        set_line("م", right_to_left=True)
    )  # nothing is joined to an alif: it stands alone, at the left


def test_a_number_within_arabic_keeps_its_order() -> None:
    line = names(set_line("اتصل 112 الآن", right_to_left=True))
    digits = [names(set_line(digit))[0] for digit in "112"]
    arabic = [names(set_line(digit, right_to_left=True))[0] for digit in "112"]
    assert any(line[at : at + 3] in (digits, arabic) for at in range(len(line)))


def test_a_joiner_that_nobody_sees_keeps_a_persian_word_in_one_piece() -> None:
    parted = set_line("می‌خواهی", right_to_left=True)
    assert parted.width == pytest.approx(
        set_line("می", right_to_left=True).width + set_line("خواهی", right_to_left=True).width, abs=0.02
    )


@pytest.mark.parametrize(
    "text", ["șțăâî", "çğışöüÇĞİŞÖÜ", "ëçËÇ", "čćđšžČĆĐŠŽ", "ђјљњћџѓќѕ", "їєґІ", "άέήίόύώΐΰς", "ъыэщ", "«„“”’…"]
)
def test_every_letter_of_our_languages_is_there(text: str) -> None:
    assert set_line(text).width > 0


def test_a_sign_that_no_font_has_is_named() -> None:
    with pytest.raises(NoSuchLetter, match="😀"):
        set_line("hi 😀")


def test_a_text_becomes_smaller_and_breaks_until_it_fits_or_is_refused() -> None:
    box = Box(0, 0, 40, 12)
    one, two = fit(["short"], box, 5, 3), fit("a text that has a good many words".split(), box, 5, 3)
    assert (len(one.lines), one.size) == (1, 5)
    assert len(two.lines) > 1
    assert two.width <= box.width
    with pytest.raises(TextTooLong):
        fit(["x" * 200], box, 5, 3)
    with pytest.raises(TextTooLong):
        fit(["word"] * 100, box, 5, 3)
