"""Live: one WebSocket that says what has changed, so that a child's words are on the screen within a second.

It carries no content; the page fetches that. While it is open, whoever is on duty stays on duty.
"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect, status

from escalation.bell import OUTBOX, Ringing
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import ON_THE_LINE, OnTheLine, Session

BEAT = 30  # seconds; the lease of duty forgives two missed ones

LARGEST_FRAME = 1024
"""Bytes of a frame from the page, which has nothing to say here. For a larger one the line is closed (1009)."""

pages = APIRouter()


@pages.websocket("/live")
async def live(socket: WebSocket, desk: OnDesk, session: OnTheLine) -> None:
    """Tell what changes until the page is closed or the session ends."""
    if not desk.is_own_origin(socket.headers.get("origin"), socket.headers.get("host")):
        await socket.close(status.WS_1008_POLICY_VIOLATION)
        return
    with desk.bell.subscribe() as ear:  # before accepting: what changes from now on is told
        await desk.duty.beat(session.person.id)
        await socket.accept()
        telling = asyncio.create_task(_tell(socket, desk, session, ear))
        leaving = asyncio.create_task(_until_left(socket))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done() and leaving.result():
                await socket.close(status.WS_1009_MESSAGE_TOO_BIG)
        finally:
            telling.cancel()
            leaving.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)


async def _tell(socket: WebSocket, desk: Desk, session: Session, ear: Ringing) -> None:
    clock = asyncio.get_running_loop().time
    next_beat = clock() + BEAT
    try:
        while True:
            changed = await ear.wait(max(0, next_beat - clock()))
            if clock() >= next_beat:
                next_beat = clock() + BEAT
                # Also a sign of life for the page, and a reason to look for what another process has changed.
                changed.add("")
                signed = await desk.staff.who(session.secret)
                if signed is None or not ON_THE_LINE.allows(signed.person):
                    await socket.close(status.WS_1008_POLICY_VIOLATION)
                    return
                await desk.duty.beat(session.person.id)
            if changed := changed - {OUTBOX}:
                await socket.send_json({"changed": sorted(changed)})
    except WebSocketDisconnect:
        return


async def _until_left(socket: WebSocket) -> bool:
    """The page says nothing on this line; reading it tells when the page is gone, or says too much (True)."""
    while (frame := await socket.receive())["type"] != "websocket.disconnect":
        if len(frame.get("text") or frame.get("bytes") or "") > LARGEST_FRAME:
            return True
    return False
