"""Turns reply keys into bubbles in the child's language: texts, buttons, and the numbers of the service directory."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import GO, Reply
from bot.messages import Bubble, Button, Speaker
from bot.session import Session
from locales.catalogue import Catalogue
from locales.lines import listed, one_line
from locales.services import COUNTRIES, NEEDS, Directory, Service

MAIN_TOPICS = (
    "/self_check",
    "go:offer_check",
    "/protect_myself",
    "/safe_travel",
    "/online_safety",
    "/my_rights",
    "more",
    "/find_help",
    "/talk_to_human",
)
"""What the menu offers: few enough to be read on a small screen, the way to a human last and always there."""

MORE = ("go:course", "go:stories", "go:exercises", "go:saying_no", "go:safety_plan", "go:forms", "/quiz", "menu")
"""What there is to learn and to try, behind one button of the menu."""

MOST_NUMBERS = 4
"""How many services are named at once: in an emergency a long list is no help."""

URGENT_NEEDS = ("emergency", "children", "police")
ALL_NEEDS = ("children", "trafficking", "emergency", "police", "missing")
"""Which services are named: for help right now, and for whoever asks where help is."""

_LABELS = {
    "person:yes": "button.yes_person",
    "person:no": "button.not_now",
    "person:not_meant": "button.not_what_i_meant",
    "person:unsure": "button.dont_know",
    "person:cancel": "button.cancel_person",
    "happening:yes": "button.yes_happening",
    "happening:no": "button.no_happening",
    "country:ask": "button.my_country",
    "code:give": "button.code_give",
    "code:enter": "button.code_enter",
    "age:younger": "button.age_younger",
    "age:older": "button.age_older",
    "age:skip": "button.skip",
    "find": "button.find_else",
    "more": "button.more",
    "numbers": "page.numbers",
    "menu": "button.menu",
    "exit": "button.exit",
}
_SHOW = {"show": "button.show_once", "hide": "button.keep_hidden"}
_FEEDBACK = {"helped": "button.helped", "not_helped": "button.helped_not"}
_PLACEHOLDER = re.compile(r"\[[a-z]{2,12} \d{1,4}\]")
STOP = ("exit", "menu")
LISTENING = ("/self_check", "/talk_to_human", "menu")
AGES = ("age:younger", "age:older", "age:skip")
OFFER = ("person:yes", "person:no", "person:not_meant", "person:unsure")
ASK_SOFTLY = ("happening:yes", "happening:no", "person:unsure")
WAITING = ("code:give", "person:cancel", "person:not_meant")
WITH_HUMAN = ("code:give",)
LEAVING = ("exit", "code:give", "menu")
"""What is offered to a child who wants to stop while a case is open: a way back is offered before leaving, and forced on nobody."""


class Answers:
    """Says things to one session."""

    def __init__(self, catalogue: Catalogue, directory: Directory, country: str = "") -> None:
        self._catalogue = catalogue
        self._directory = directory
        self._country = country
        self.codes = tuple(locale.code for locale in catalogue.locales)

    def say(self, session: Session, key: str, taps: Iterable[str] = (), **values: object) -> Bubble:
        """One bubble: the text of a key (with {numbers} filled in where it wants them) and the buttons of the taps."""
        text = self.text(session, key)
        buttons = tuple(self._button(session, tap) for tap in taps)
        if "{numbers}" in text:
            lines, calls = self._numbers(
                session, *(ALL_NEEDS if key in {"topic.find_help", "topic.phone_number"} else URGENT_NEEDS)
            )
            values, buttons = {**values, "numbers": lines}, (*calls, *buttons)
        return Bubble(Speaker.HELPLINE, text.format(**values) if values else text, session.locale, buttons)

    def say_once(self, session: Session, key: str, taps: Iterable[str] = (), **values: object) -> Bubble:
        """A bubble that is shown and remembered nowhere."""
        return replace(self.say(session, key, taps, **values), once=True)

    def reply(self, session: Session, reply: Reply) -> Bubble:
        """What the dialogue wants said."""
        if reply.key == "menu" or reply.key.endswith(".menu"):
            return self.menu(session, reply.key)
        if reply.key == "stop":
            return self.say(session, reply.key, LEAVING if session.case else STOP)
        if reply.key == "topic.change_language":
            return self.languages(session, reply.key)
        if reply.key == "human.ask":
            return self.say(session, reply.key, ("person:yes", "person:no"))
        if reply.lines:
            told = (self.text(session, line) for line in reply.lines)
            return self.say(session, reply.key, reply.taps, lines="\n".join(f"• {line}" for line in told))
        return self.say(session, reply.key, reply.taps)

    def menu(self, session: Session, key: str = "menu") -> Bubble:
        """The main topics as buttons below a text; whoever is in no case may come back to one."""
        return self.say(
            session, key, MAIN_TOPICS if session.case else (*MAIN_TOPICS[:-1], "code:enter", MAIN_TOPICS[-1])
        )

    def more(self, session: Session) -> Bubble:
        """The guides that teach."""
        return self.say(session, "menu.more", MORE)

    def menu_after(self, session: Session, key: str) -> Bubble:
        """A text that lets go of a subject, and the menu below it."""
        return self.menu(session, key)

    def said(self, session: Session, text: str, taps: Iterable[str] = (), buttons: tuple[Button, ...] = ()) -> Bubble:
        """A text that is already in the child's language, with buttons."""
        return Bubble(Speaker.HELPLINE, text, session.locale, (*buttons, *(self._button(session, tap) for tap in taps)))

    def text(self, session: Session, key: str, **values: object) -> str:
        """The text of a key alone, in the child's language and version, with its {placeholders} filled in."""
        text = self._catalogue.say(key, session.locale, younger=session.younger, pilot=session.pilot)
        return text.format(**values) if values else text

    def joined(self, session: Session, parts: Iterable[str]) -> str:
        """Parts of a list, with the comma of the child's language between them."""
        return listed(session.locale, parts)

    def topic_without_dialogue(self, session: Session, tap: str) -> Bubble:
        """The text of a tapped topic when Rasa is away: a tap needs no understanding."""
        key = {"/talk_to_human": "human.ask"}.get(tap, f"topic.{tap[1:]}")
        if not self._catalogue.has(key):
            return self.menu(session, "trouble")
        return self.say(session, key, OFFER if key == "human.ask" else ("menu", "/talk_to_human"))

    def label(self, session: Session, tap: str) -> str | None:
        """What a button with this tap says; None when there is no such button."""
        kind, _, what = tap.partition(":")
        if kind == "language":
            return next((locale.name for locale in self._catalogue.locales if locale.code == what), None)
        known = (
            tap in _LABELS
            or (kind in _SHOW and _PLACEHOLDER.fullmatch(what) is not None)
            or (kind == "country" and what in COUNTRIES)
            or (kind == "need" and what in NEEDS)
            or (tap.startswith("/") and self._catalogue.has(f"button.{tap[1:]}"))
            or (kind in _FEEDBACK and self._catalogue.has(what))
            or (tap.startswith(GO) and self._catalogue.has(self._step(tap)))
        )
        return self._button(session, tap).label if known else None

    def _step(self, tap: str) -> str:
        """The key of what a button in a guide says: its own text, or what it is called everywhere."""
        screen, chosen, choice = tap.removeprefix(GO).partition("/")
        if not chosen:
            return f"button.{screen}" if self._catalogue.has(f"button.{screen}") else "button.go_on"
        return f"{screen}.{choice}" if self._catalogue.has(f"{screen}.{choice}") else f"button.{choice}"

    def languages(self, session: Session, key: str = "language.ask") -> Bubble:
        """The choice of a language, each called as it calls itself."""
        bubble = self.say(session, key)
        choice = tuple(Button(locale.name, f"language:{locale.code}") for locale in self._catalogue.locales)
        return Bubble(bubble.speaker, bubble.text, bubble.locale, (*bubble.buttons, *choice))

    def numbers(self, session: Session) -> Bubble:
        """Where to call in danger, as links alone: for a page that cannot be answered yet."""
        bubble = self.say(session, "alarm.numbers")
        calls = tuple(button for button in bubble.buttons if button.tap.startswith("tel:"))
        return Bubble(bubble.speaker, bubble.text, bubble.locale, calls)

    def countries(self, session: Session) -> Bubble:
        """Asks for the country, so that the numbers there can be shown."""
        return self.say(session, "numbers.country_ask", [f"country:{code}" for code in COUNTRIES])

    def no_country(self, session: Session) -> Bubble:
        """There are no numbers for the country that the child is in: no other's take their place."""
        return self.say(session, "numbers.no_country", [*(f"country:{code}" for code in COUNTRIES), "/talk_to_human"])

    def count(self, session: Session, key: str, number: int) -> str:
        """The text of a key for a number, in the plural form of the child's language."""
        return self._catalogue.say_many(key, number, session.locale, pilot=session.pilot)

    def _button(self, session: Session, tap: str) -> Button:
        kind, _, what = tap.partition(":")
        if tap.startswith(GO):
            return Button(self.text(session, self._step(tap)), tap)
        if tap.startswith("/"):
            return Button(self.text(session, f"button.{tap[1:]}"), tap)
        if kind == "country" and what in COUNTRIES:
            return Button(self.text(session, f"country.{what}"), tap)
        if kind == "need":
            return Button(self.text(session, f"service.{what}"), tap)
        if kind in _FEEDBACK:
            return Button(self.text(session, _FEEDBACK[kind]), tap)
        if kind in _SHOW:
            return Button(self.text(session, _SHOW[kind]), tap)
        return Button(self.text(session, _LABELS[tap]), tap)

    def _numbers(self, session: Session, *needs: str) -> tuple[str, tuple[Button, ...]]:
        country = session.country or self._country or None
        found = self._directory.find(country, *needs) or self._directory.find(None, *needs)
        services = found[:MOST_NUMBERS]
        lines = "\n".join(self.line(session, service) for service in services)
        calls = tuple(Button(service.number, f"tel:{service.number.replace(' ', '')}") for service in services)
        return lines, calls if country else (*calls, self._button(session, "country:ask"))

    def line(self, session: Session, service: Service) -> str:
        """One service in one line: whose number, the number, and what is known of it."""
        known = bool(session.country or self._country)
        return one_line(service, session.locale, lambda key: self.text(session, key), country_known=known)
