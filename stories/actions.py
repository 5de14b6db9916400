"""What Rasa does itself in a turn: it leads through the guides (stories/guiding.py), and keeps a child's place in them in its own memory.

Rasa expects actions behind an address of their own. Here they are called in the same process: no second server, no second door.
"""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig

from stories.guiding import Guides, Place, load

GUIDE = "action_guide"
SLOT = "guide"
TAPPED = "tapped"
"""The entity that holds what was tapped; see `stories.turns`."""

STOP = "/stop"
"""Offered on every screen but the last."""

AT_THE_END = ("/talk_to_human", "/phone_number", "/menu")
"""What every end offers: a human, numbers to call, and the way on."""


class Actions(EndpointConfig):
    """Takes the place of an action server. `request` is what Rasa calls."""

    def __init__(self, guides: Guides | None = None) -> None:
        super().__init__()
        self._guides = guides or load()

    async def request(self, json: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:  # type: ignore[override]
        """Run the action that Rasa names; one that is not there does nothing."""
        assert json is not None  # noqa: S101 - Rasa always sends one
        if json["next_action"] != GUIDE:
            return {"events": [], "responses": []}
        return guide(self._guides, json["tracker"])


def guide(guides: Guides, tracker: dict[str, Any]) -> dict[str, Any]:
    """One step: from what was tapped, or from the topic that is a guide's name, to the screen that is shown.

    A tap that leads nowhere (of an older version, say) shows the menu.
    """
    held = tracker["slots"].get(SLOT)
    before = Place(**held) if held else None
    said = tracker["latest_message"]
    taps = [entity["value"] for entity in said.get("entities", ()) if entity["entity"] == TAPPED]
    place = guides.tapped(taps[0], before) if taps else guides.begin(said["intent"]["name"])
    if place is None:
        return {"events": [], "responses": [{"custom": {"reply": "menu"}}]}
    shown = guides.show(place)
    held = {"guide": place.guide, "screen": place.screen, "noted": dict(place.noted)}
    events = [{"event": "slot", "name": SLOT, "value": None if shown.end else held}]
    replies: list[dict[str, Any]] = []
    if shown.noted:
        replies.append({"reply": f"{place.guide}.noted", "lines": list(shown.noted)})
    replies.append({"reply": shown.key, "buttons": list(AT_THE_END if shown.end else (*shown.taps, STOP))})
    if shown.heavy:
        replies.append({"reply": "human.ask"})
    return {"events": events, "responses": [{"custom": reply} for reply in replies]}
