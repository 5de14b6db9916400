"""The door is open while few come; a flood works or waits, and nobody is remembered for it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.crowd import Crowd
from bot.web.door import LEAST_BITS, LEAST_SECONDS, LIVES, LONGEST_FLOOD, MOST_BITS, MOST_SECONDS, Door, Work, is_proof
from bot.web.tokens import new_token

PER_MINUTE = 30


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(Crowd(sessions_per_minute=PER_MINUTE, clock=clock))


@pytest.fixture
def crowded(door: Door) -> Door:
    """A minute's worth has just come."""
    for _ in range(PER_MINUTE):
        assert door.knock(new_token()) is None
    return door


def asked(door: Door, token: str) -> Work:
    work = door.knock(token)
    assert work
    return work


def solved(work: Work) -> str:
    return next(str(number) for number in range(10**6) if is_proof(work.challenge, str(number), work.bits))


def test_few_are_asked_for_nothing(door: Door, clock: Clock) -> None:
    for _ in range(10 * PER_MINUTE):
        assert door.knock(new_token()) is None
        clock.now += 60 / PER_MINUTE


def test_who_works_comes_in_and_is_not_asked_again(crowded: Door) -> None:
    token = new_token()
    work = asked(crowded, token)
    assert (work.bits, work.seconds) == (LEAST_BITS, LEAST_SECONDS)
    assert crowded.opens(token, work.challenge, solved(work))
    assert crowded.knock(token) is None


def test_who_is_in_a_conversation_is_not_asked_again(crowded: Door) -> None:
    token = new_token()
    asked(crowded, token)
    crowded.let_in(token)
    assert crowded.knock(token) is None


def test_a_proof_counts_once_for_one_token_and_not_for_ever(crowded: Door, clock: Clock) -> None:
    token, other = new_token(), new_token()
    work = asked(crowded, token)
    proof = solved(work)
    assert not crowded.opens(other, work.challenge, proof)
    assert crowded.opens(token, work.challenge, proof)
    assert not crowded.opens(token, work.challenge, proof)
    late = asked(crowded, other)
    clock.now += LIVES + 1
    assert not crowded.opens(other, late.challenge, solved(late))


@pytest.mark.parametrize(
    "forged",
    ["", ".", "....", "x", "a.b.c.d.e", "é", "\ud800", "1.2.3.4", "0" * 100_000,
     "00000000000000000000000000000000.0.99999999999.0." + "0" * 64],
)  # fmt: skip
def test_what_we_have_not_signed_opens_nothing(crowded: Door, forged: str) -> None:
    for proof in (None, "", "0", "\ud800"):
        assert not crowded.opens(new_token(), forged, proof)


def test_a_challenge_cannot_be_made_easier(crowded: Door) -> None:
    token = new_token()
    number, patient, expires, _, signature = asked(crowded, token).challenge.split(".")
    assert not crowded.opens(token, f"{number}.{patient}.{expires}.0.{signature}", "0")
    assert not crowded.opens(token, f"{number}.0.{expires}.{LEAST_BITS}.{signature}")


def test_another_door_signs_with_another_key(crowded: Door, clock: Clock) -> None:
    token = new_token()
    work = asked(crowded, token)
    assert not Door(Crowd(clock=clock)).opens(token, work.challenge, solved(work))


def test_who_cannot_work_waits_and_comes_in(crowded: Door, clock: Clock) -> None:
    token = new_token()
    work = asked(crowded, token)
    clock.now += work.seconds - 1
    assert not crowded.opens(token, work.challenge)
    clock.now += 1
    assert crowded.opens(token, work.challenge)
    assert not crowded.opens(token, work.challenge)


def test_those_who_wait_come_in_no_faster_than_the_rate(crowded: Door, clock: Clock) -> None:
    waiting = {token: asked(crowded, token) for token in (new_token() for _ in range(3 * PER_MINUTE))}
    clock.now += LEAST_SECONDS
    inside = [token for token, work in waiting.items() if crowded.opens(token, work.challenge)]
    assert len(inside) == PER_MINUTE
    rest = [token for token in waiting if token not in inside]
    later = [crowded.work(token) for token in rest]
    assert all(LEAST_SECONDS <= work.seconds <= MOST_SECONDS for work in later)
    clock.now += 60
    again = [token for token, work in zip(rest, later, strict=True) if crowded.opens(token, work.challenge)]
    assert len(again) == PER_MINUTE


def test_the_work_grows_with_the_flood_and_no_further_than_an_old_phone_can(crowded: Door, clock: Clock) -> None:
    bits = [asked(crowded, new_token()).bits for _ in range(100 * PER_MINUTE)]
    assert bits == sorted(bits)
    assert (bits[0], bits[-1]) == (LEAST_BITS, MOST_BITS)
    clock.now += LONGEST_FLOOD + 60
    assert crowded.knock(new_token()) is None


def test_nothing_is_kept_of_who_has_only_been_asked(crowded: Door, clock: Clock) -> None:
    inside: Any = crowded
    before = repr(inside._inside._digests), repr(inside._spent)
    works = {token: asked(crowded, token) for token in (new_token() for _ in range(500))}
    assert (repr(inside._inside._digests), repr(inside._spent)) == before
    for token, work in list(works.items())[:20]:
        assert crowded.opens(token, work.challenge, solved(work))
    assert len(inside._spent) == 20
    clock.now += LIVES + 1
    token = new_token()
    work = crowded.work(token)
    assert crowded.opens(token, work.challenge, solved(work))
    assert len(inside._spent) == 1
