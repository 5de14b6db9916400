"""Finding help: the country, then the need, then who is there: a number to tap, whether it is open now, what it costs, what happens on a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.answers import Answers
from bot.messages import Bubble, Button
from bot.session import Session
from locales.catalogue import cldr_of
from locales.hours import reading
from locales.services import NEEDS, Directory, Service

MOST = 3
"""Services that are shown for one need: each with all that helps to decide, and more is not read."""


class Finding:
    """Leads one child to the services near it."""

    def __init__(
        self,
        answers: Answers,
        directory: Directory,
        country: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`country` is the operator's setting, where a child named none."""
        self._answers = answers
        self._directory = directory
        self._country = country
        self._clock = clock

    def begin(self, session: Session) -> Bubble:
        """Ask for the country where none is known, else for the need."""
        return self.needs(session) if self._where(session) else self._answers.countries(session)

    def needs(self, session: Session) -> Bubble:
        """Ask what is needed, among what there is in this country."""
        there = [need for need in NEEDS if self._directory.find(self._where(session), need)]
        return self._answers.say(
            session, "find.need", [*(f"need:{need}" for need in there), "country:ask", "/talk_to_human"]
        )

    def services(self, session: Session, need: str) -> list[Bubble]:
        """Who is there for a need; without any, the numbers that there are."""
        found = self._directory.find(self._where(session), need)[:MOST]
        if not found:
            return [self._answers.say(session, "alarm.numbers")]
        return [
            *(self._card(session, service) for service in found),
            self._answers.say(session, "find.else", ["find", "/talk_to_human", "menu"]),
        ]

    def _where(self, session: Session) -> str | None:
        return session.country or self._country or None

    def _card(self, session: Session, service: Service) -> Bubble:
        """Everything that is known about one service, and nothing that is not."""
        say = self._answers.text
        lines = [
            self._answers.line(session, service),
            *self._hours(session, service),
            *(
                [say(session, "find.languages", languages=self._languages(session, service))]
                if service.languages
                else []
            ),
            *(
                []
                if service.anonymous is None
                else [say(session, "find.anonymous" if service.anonymous else "find.not_anonymous")]
            ),
            say(session, f"find.call.{service.need}"),
        ]
        call = Button(service.number, f"tel:{service.number.replace(' ', '')}")
        return self._answers.said(session, "\n".join(lines), buttons=(call,))

    def _hours(self, session: Session, service: Service) -> list[str]:
        country = self._where(session) or service.countries[0]
        read = reading(service.hours, country, self._clock(), session.locale)
        return [self._answers.text(session, read[0], **read[1])] if read else []

    def _languages(self, session: Session, service: Service) -> str:
        """The languages that are spoken there, as the child's language calls them (Unicode CLDR)."""
        names = cldr_of(session.locale).languages
        return self._answers.joined(session, (names.get(code, code) for code in service.languages))
