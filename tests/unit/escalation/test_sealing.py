"""What is sealed opens for its own key only, in its own place only, and tells nothing by its length."""

import pytest

from escalation.sealing import (
    CaseKey,
    Pair,
    SealIsBroken,
    keys_of_code,
    seal_to,
    unwrap_with_password,
    unwrap_with_token,
    wrap_with_password,
    wrap_with_token,
)


@pytest.mark.parametrize("length", [0, 1, 254, 255, 256, 257, 4000, 16_000])
def test_a_line_opens_as_it_was(length):
    key = CaseKey.fresh()
    assert key.open(key.seal(b"a" * length, "case/1/child"), "case/1/child") == b"a" * length


def test_a_line_opens_in_no_other_place_and_for_no_other_key():
    key = CaseKey.fresh()
    sealed = key.seal(b"an invented line", "case/1/child")
    for other, place in ((key, "case/2/child"), (key, "case/1/counsellor"), (CaseKey.fresh(), "case/1/child")):
        with pytest.raises(SealIsBroken):
            other.open(sealed, place)


def test_a_line_that_somebody_changed_does_not_open():
    key = CaseKey.fresh()
    sealed = bytearray(key.seal(b"an invented line", "case/1/child"))
    sealed[-1] ^= 1
    for broken in (bytes(sealed), b"", b"short"):
        with pytest.raises(SealIsBroken):
            key.open(broken, "case/1/child")


def test_lengths_tell_next_to_nothing():
    key = CaseKey.fresh()
    lengths = {len(key.seal(b"a" * length, "p")) for length in range(0, 4000, 7)}
    assert len(lengths) == 5


def test_the_same_line_never_looks_the_same():
    key = CaseKey.fresh()
    assert key.seal(b"help", "p") != key.seal(b"help", "p")


def test_what_is_sealed_to_a_public_key_opens_for_its_other_half_only():
    team = Pair.fresh()
    assert team.open(seal_to(team.public, b"key")) == b"key"
    with pytest.raises(SealIsBroken):
        Pair.fresh().open(seal_to(team.public, b"key"))


def test_passwords_and_tokens_open_what_they_wrapped_and_nothing_else():
    secret = Pair.fresh().secret
    assert unwrap_with_password(wrap_with_password(secret, "correct horse"), "correct horse") == secret
    assert unwrap_with_token(wrap_with_token(secret, "token"), "token") == secret
    with pytest.raises(SealIsBroken):
        unwrap_with_password(wrap_with_password(secret, "correct horse"), "wrong horse")
    with pytest.raises(SealIsBroken):
        unwrap_with_token(wrap_with_token(secret, "token"), "other")


def test_a_code_gives_a_digest_and_a_key_that_differ_and_depend_on_the_salt():
    digest, key = keys_of_code("0" * 16, b"s" * 16)
    assert digest != key
    assert (digest, key) == keys_of_code("0" * 16, b"s" * 16)
    assert keys_of_code("0" * 16, b"t" * 16)[0] != digest


def test_no_secret_is_in_a_repr():
    assert repr(CaseKey.fresh()) == "CaseKey()"
    assert repr(Pair.fresh()) == "Pair()"
