"""The six digits: what an authenticator app computes from the same secret, each good once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from escalation.second_factor import SecondFactor, WrongCode

NOW = datetime(2031, 3, 5, 12, 0, 15, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.fixture
def factor():
    return SecondFactor.fresh("Ana")


def code(factor, at=NOW):
    return pyotp.TOTP(factor.secret).at(at)


def test_what_the_app_shows_is_right_now_and_one_step_around(factor):
    present = factor.check(code(factor), NOW)
    assert factor.check(code(factor, NOW - STEP), NOW) == present - 1
    assert factor.check(code(factor, NOW + STEP), NOW) == present + 1
    for other in (NOW - 2 * STEP, NOW + 2 * STEP):
        with pytest.raises(WrongCode):
            factor.check(code(factor, other), NOW)


def test_digits_are_read_however_they_are_typed(factor):
    digits = code(factor)
    arabic = "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in digits)
    for typed in (digits, f" {digits[:3]} {digits[3:]}\n", f"{digits[:3]}-{digits[3:]}", arabic):
        assert factor.check(typed, NOW)
    for wrong in ("", "12", digits + "0", "abcdef", "²" * 6, "\ud800", "9" * 1000):
        with pytest.raises(WrongCode):
            factor.check(wrong, NOW)


def test_a_code_is_good_once_and_none_before_it_either(factor):
    used = SecondFactor("Ana", factor.secret, factor.check(code(factor), NOW))
    for older in (NOW, NOW - STEP):
        with pytest.raises(WrongCode):
            used.check(code(used, older), NOW)
    assert used.check(code(used, NOW + STEP), NOW)


def test_the_address_carries_name_and_secret_and_the_picture_has_no_style_of_its_own(factor):
    address = urlsplit(factor.address)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Helpline:Ana")
    assert parse_qs(address.query) == {"secret": [factor.secret], "issuer": ["Helpline"]}
    assert factor.groups().replace(" ", "") == factor.secret
    picture = factor.drawn()
    assert b"<svg" in picture
    assert b"style" not in picture
    assert b"script" not in picture
    assert factor.secret not in repr(factor)
