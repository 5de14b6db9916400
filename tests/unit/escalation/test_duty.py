"""Who is there: signing on and off, and browsers that just close. And the bell."""

import asyncio
import contextlib

from escalation.bell import QUEUE, Bell, case_topic, is_ending
from escalation.cases import Outcome, Presence


async def test_counsellors_sign_on_and_off(room):
    ana, besa = await room.person("Ana"), await room.person("Besa")
    await room.duty.on(ana)
    await room.duty.on(ana)
    await room.duty.on(besa)
    assert await room.duty.count() == 2
    await room.duty.off(ana)
    assert await room.duty.count() == 1
    assert (await room.duty.is_on(ana), await room.duty.is_on(besa)) == (False, True)


async def test_a_closed_browser_goes_off_duty_by_itself_and_a_beat_keeps_an_open_one_on(room):
    ana, besa = await room.person("Ana"), await room.person("Besa")
    await room.duty.on(ana)
    await room.duty.on(besa)
    room.clock.pass_by(seconds=60)
    assert await room.duty.beat(ana)
    room.clock.pass_by(seconds=30)
    assert (await room.duty.is_on(ana), await room.duty.is_on(besa)) == (True, False)
    assert await room.duty.count() == 1


async def test_a_beat_signs_nobody_on_who_signed_off(room):
    ana = await room.person("Ana")
    await room.duty.on(ana)
    await room.duty.off(ana)
    assert not await room.duty.beat(ana)
    assert await room.duty.count() == 0


async def test_the_bell_wakes_every_listener_and_remembers_what_rang_meanwhile():
    bell = Bell()
    with bell.subscribe() as one, bell.subscribe() as two:
        waiting = asyncio.create_task(one.wait(5))
        await asyncio.sleep(0)
        bell.ring("queue")
        bell.ring("outbox")
        assert await waiting == {"queue", "outbox"}
        assert await two.wait(5) == {"queue", "outbox"}
        assert await two.wait(0.01) == set()


async def test_whoever_no_longer_listens_hears_nothing():
    bell = Bell()
    with bell.subscribe() as ringing:
        pass
    bell.ring("queue")
    assert await ringing.wait(0.01) == set()


async def test_everything_that_happens_to_a_case_rings(room):
    ana = await room.person("Ana")
    with room.bell.subscribe() as ringing:
        case = await room.open()
        assert await ringing.wait(1) == {QUEUE, case_topic(case)}
        for act in (
            lambda: room.intake.add(room.opened(case), room.child("a")),
            lambda: room.counsel.claim(case, ana, room.team),
            lambda: room.counsel.reply(case, ana, room.team, "b"),
            lambda: room.intake.presence(case, Presence.AWAY),
            lambda: room.counsel.hand_back(case, ana),
            lambda: room.counsel.claim(case, ana, room.team),
            lambda: room.counsel.close(case, ana, Outcome.SUPPORTED),
        ):
            await act()
            assert case_topic(case) in await ringing.wait(1)


async def test_whoever_goes_on_for_ever_notices_a_cancellation_that_was_swallowed():
    rounds = 0

    async def for_ever() -> None:
        nonlocal rounds
        while not is_ending():
            rounds += 1
            with contextlib.suppress(
                asyncio.CancelledError
            ):  # as a driver does when its answer comes in the same moment
                await asyncio.sleep(10)

    going_on = asyncio.create_task(for_ever())
    await asyncio.sleep(0)
    going_on.cancel()
    await asyncio.wait_for(going_on, 1)
    assert rounds == 1
