"""Conversations of anything at all, on the real parts without Rasa, with a counsellor in between: after every act the promises still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from inputs import counted, in_time, tried
from strange import EMAIL, PHONE, TOLD, hints, taps, texts
from world import World, child

from bot.messages import Bubble, Channel, Incoming, Kind, Sender, Speaker
from bot.session import Session
from escalation.cases import CaseState, Outcome
from escalation.counsel import (
    AlreadyClaimed,
    CaseIsClosed,
    ChildHasGone,
    EmptyReply,
    NoSuchCase,
    NotYourCase,
    ReplyTooLong,
)

LONGEST_TAP = 48
KIND = "a kind answer to whatever was done"


@dataclass(frozen=True)
class Act:
    """What a child does; `tells` marks words with an invented number or address in them, which nobody may read again."""

    kind: Kind
    text: str = ""
    tells: bool = False


@dataclass(frozen=True)
class Tapped:
    """One of the buttons that are offered just now."""

    which: int


@dataclass(frozen=True)
class Counselled:
    """What a counsellor does about the child's case."""

    how: str
    text: str = ""


@dataclass(frozen=True)
class CameBack:
    """The child types the code it was given last, on another channel."""


typed = st.builds(Act, st.just(Kind.TEXT), texts)
told = st.builds(
    lambda before, said, after: Act(Kind.TEXT, f"{before}\n{said}\n{after}", tells=True),
    texts,
    st.sampled_from(TOLD),
    texts,
)
plainly_told = st.builds(lambda said: Act(Kind.TEXT, said, tells=True), st.sampled_from(TOLD))
tapped = st.builds(Act, st.just(Kind.TAP), taps)
other = st.builds(
    Act, st.sampled_from([Kind.START, Kind.HELP, Kind.NOT_TEXT, Kind.TOO_LONG, Kind.BACK, Kind.AWAY, Kind.EXIT]), texts
)
language = st.builds(Act, st.just(Kind.LANGUAGE), st.one_of(st.sampled_from(["en", "sq", "sr-Latn", "sr-Cyrl"]), texts))
readable = texts.map(
    lambda text: text.encode(errors="ignore").decode()
)  # the console takes no half characters (JSON, checked in it)
counselled = st.one_of(
    st.builds(Counselled, st.sampled_from(["claim", "reply", "deliver", "hand back", "close", "look for gone"])),
    st.builds(Counselled, st.just("reply"), readable),
)
offered = st.builds(Tapped, st.integers(0, 12))
alarm = st.builds(
    Act,
    st.just(Kind.TEXT),
    st.sampled_from(["they locked me in a room help", "i cannot leave the house", "they took my passport"]),
)
acts = st.lists(
    st.one_of(
        typed,
        typed,
        alarm,
        told,
        plainly_told,
        tapped,
        offered,
        offered,
        other,
        language,
        counselled,
        counselled,
        st.builds(CameBack),
    ),
    min_size=1,
    max_size=24,
)


@dataclass
class Chat:
    """One child's conversation under test, and what was seen of it."""

    world: World
    counsellor: int
    who: Sender
    hint: str
    screen: list[Bubble] = field(default_factory=list)
    code: str = ""
    case: str = ""

    async def session(self) -> Session | None:
        return await self.world.chat.sessions.of(self.who)

    async def does(self, act: Act | Tapped | Counselled | CameBack) -> None:
        match act:
            case Counselled():
                await self.counselled(act)
            case CameBack():
                if self.code:
                    self.who = child(Channel.TELEGRAM if self.who.channel is Channel.WEB else Channel.WEB)
                    await self.acted(Act(Kind.TEXT, self.code))
            case Tapped(which):
                buttons = [
                    button for bubble in self.screen for button in bubble.buttons if not button.tap.startswith("tel:")
                ]
                if buttons:
                    await self.acted(Act(Kind.TAP, buttons[which % len(buttons)].tap))
            case Act():
                await self.acted(act)

    async def acted(self, act: Act) -> None:
        silent = act.kind is Kind.AWAY or await self.with_a_human()
        async with in_time():
            answer = await self.world.chat.conversation.converse(Incoming(self.who, act.kind, act.text, self.hint))
        assert answer or silent, KIND
        self.fit_to_show(answer)
        if act.kind is not Kind.BACK:
            await self.true(answer)
        if answer:
            self.screen = answer

    async def with_a_human(self) -> bool:
        session = await self.session()
        if session is None or session.case is None:
            return False
        return session.with_human or await self.world.side.intake.state(session.case.id) is CaseState.CLAIMED

    def fit_to_show(self, answer: Sequence[Bubble]) -> None:
        for bubble in answer:
            assert bubble.text.strip(), "a bubble says something"
            assert bubble.locale in self.world.chat.answers.codes
            (bubble.text + "".join(button.label + button.tap for button in bubble.buttons)).encode()
            for button in bubble.buttons:
                assert button.label.strip()
                assert 0 < len(button.tap.encode()) <= LONGEST_TAP
            if not bubble.once and bubble.speaker is not Speaker.COUNSELLOR:
                assert PHONE not in bubble.text
                assert EMAIL not in bubble.text
            if bubble.once and (digits := "".join(filter(str.isdigit, bubble.text))) and len(digits) == 16:
                self.code = digits

    async def true(self, answer: Sequence[Bubble]) -> None:
        """Promise 1: whoever is told that a counsellor was asked has a case."""
        say = self.world.chat.catalogue.say
        if any(bubble.text == say("human.opened", bubble.locale) for bubble in answer):
            session = await self.session()
            assert session
            assert session.case
            assert await self.world.side.intake.state(session.case.id) is CaseState.WAITING
            self.case = session.case.id

    async def counselled(self, act: Counselled) -> None:
        counsel, team = self.world.side.counsel, self.world.team
        try:
            async with in_time():
                match act.how:
                    case "deliver":
                        await self.world.relay.deliver_due()
                    case "look for gone":
                        await self.world.relay.notice_gone()
                    case "claim" if self.case:
                        await counsel.claim(self.case, self.counsellor, team)
                    case "reply" if self.case:
                        await counsel.reply(self.case, self.counsellor, team, act.text or "I am here.")
                    case "hand back" if self.case:
                        await counsel.hand_back(self.case, self.counsellor)
                    case "close" if self.case:
                        await counsel.close(self.case, self.counsellor, Outcome.SUPPORTED)
        except (AlreadyClaimed, CaseIsClosed, ChildHasGone, EmptyReply, NoSuchCase, NotYourCase, ReplyTooLong):
            return  # a "no" that the console tells the counsellor
        self.fit_to_show(self.world.arrived.pop(self.who.key, []))

    async def ends(self) -> None:
        """The child leaves, and the case is closed, so that the next conversation begins in a quiet house."""
        await self.acted(Act(Kind.EXIT))
        assert await self.session() is None
        for how in ("claim", "close"):
            await self.counselled(Counselled(how))


@tried(short=25, long=900)
@given(done=acts, channel=st.sampled_from(Channel), hint=hints)
async def test_whatever_is_done_is_answered_and_what_is_said_is_true(
    world_without_rasa: World, mistakes: list[str], done: list[Act], channel: Channel, hint: str
) -> None:
    counsellor = await _counsellor(world_without_rasa)
    chat = Chat(world_without_rasa, counsellor, child(channel), hint)
    for act in done:
        with counted(f"conversation ({channel.value})"):
            await chat.does(act)
    await chat.ends()
    assert mistakes == []


_known: dict[int, int] = {}


async def _counsellor(world: World) -> int:
    if id(world) not in _known:
        _known[id(world)] = await world.counsellor()
    return _known[id(world)]
