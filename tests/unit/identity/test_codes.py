"""One-time codes: who types the right one has proven it, and nobody learns anything else."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from bot.conversations.model import Reply
from bot.identity.codes import CodeLoop
from bot.identity.digests import MASK, Digests, mask
from bot.identity.ports import Outcome
from bot.identity.secrets import derive
from bot.mail.demo import DemoMailer
from bot.mail.loop import MailLoop
from bot.settings import load_settings
from bot.wiring import Services, build
from tests.fakes import FakeDialogue

ANNA, BERND = "anna@lindenpost.example", "bernd@lindenpost.example"
NOBODY = "niemand@lindenpost.example"
SECRET = "geheim, geheim, geheim, geheim, geheim"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Sentences(FakeDialogue):
    """The mail is the code alone."""

    def sentence(self, name: str) -> Reply:
        return Reply("{code}")


class Desk:
    """What a customer can do, and what they see of it."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self.services = services
        self.clock = clock
        self._digests = Digests(derive(SECRET.encode(), "one-time codes"))

    async def begin(self, name: str) -> str:
        """A conversation."""
        return await self.services.conversations.begin("test", name)

    async def work(self) -> None:
        """What the loops do while the customer waits."""
        for loop in self.services.loops:
            if isinstance(loop, CodeLoop):
                await loop.do_due()
        for loop in self.services.loops:
            if isinstance(loop, MailLoop):
                await loop.do_due()

    @property
    def mails(self) -> list[str]:
        """The codes that went out, oldest first."""
        assert isinstance(self.services.mailer, DemoMailer)
        return [shown.mail.text for shown in reversed(self.services.mailer.shown)]

    async def ask(self, conversation: str, mailbox: str) -> bool:
        """For a code; whether one may be had."""
        is_noted = await self.services.accounts.codes.request(conversation, mailbox)
        await self.work()
        return is_noted

    async def type(self, conversation: str, mailbox: str, text: str) -> Outcome:
        """What was typed, as the intake conceals it and the action hands it on."""
        (typed,) = self._digests.typed(conversation, text)
        return await self.services.accounts.codes.check(conversation, mailbox, typed.digest)


@asynccontextmanager
async def opened(folder: Path, **values: str) -> AsyncIterator[Desk]:
    """With settings of its own."""
    clock = Clock()
    settings = load_settings(database_url=f"sqlite:///{folder}/codes.db", secret_key=SECRET, **values)
    services = build(settings, Sentences(), clock)
    await services.database.migrate()
    yield Desk(services, clock)
    await services.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """With the demo's mailboxes."""
    async with opened(tmp_path) as desk:
        yield desk


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_the_right_code_is_a_proof_for_half_an_hour(desk: Desk) -> None:
    """However it is typed."""
    talk = await desk.begin("anna")
    await desk.ask(talk, ANNA)
    (code,) = desk.mails
    assert await desk.type(talk, ANNA, f"mein code ist {code[:3]} {code[3:]}, danke") is Outcome.RIGHT
    assert await desk.services.accounts.proofs.of(talk) == {ANNA}
    desk.clock.now += timedelta(minutes=30)
    assert await desk.services.accounts.proofs.of(talk) == frozenset()


async def test_the_sixth_try_does_not_count(desk: Desk) -> None:
    """Not even the right one."""
    talk = await desk.begin("anna")
    await desk.ask(talk, ANNA)
    (code,) = desk.mails
    for _ in range(5):
        assert await desk.type(talk, ANNA, wrong(code)) is Outcome.WRONG
    assert await desk.type(talk, ANNA, code) is Outcome.EXHAUSTED
    assert await desk.services.accounts.proofs.of(talk) == frozenset()


async def test_a_code_is_for_one_mailbox_and_one_conversation(desk: Desk) -> None:
    """Of no use for another mailbox, nor in somebody else's conversation."""
    anna, other = await desk.begin("anna"), await desk.begin("other")
    await desk.ask(anna, ANNA)
    (code,) = desk.mails
    await desk.ask(anna, BERND)
    await desk.ask(other, ANNA)
    if code not in desk.mails[1:]:
        assert await desk.type(anna, BERND, code) is Outcome.WRONG
        assert await desk.type(other, ANNA, code) is Outcome.WRONG
    assert await desk.type(anna, ANNA, code) is Outcome.RIGHT


async def test_a_code_holds_once_and_ten_minutes(desk: Desk) -> None:
    """Then it is expired."""
    talk = await desk.begin("anna")
    await desk.ask(talk, ANNA)
    assert await desk.type(talk, ANNA, desk.mails[-1]) is Outcome.RIGHT
    assert await desk.type(talk, ANNA, desk.mails[-1]) is Outcome.EXPIRED
    await desk.ask(talk, ANNA)
    desk.clock.now += timedelta(minutes=10, seconds=1)
    assert await desk.type(talk, ANNA, desk.mails[-1]) is Outcome.EXPIRED


async def test_a_new_code_takes_the_place_of_the_old(desk: Desk) -> None:
    """And brings new tries."""
    talk = await desk.begin("anna")
    await desk.ask(talk, ANNA)
    for _ in range(5):
        await desk.type(talk, ANNA, wrong(desk.mails[0]))
    await desk.ask(talk, ANNA)
    first, second = desk.mails
    if first != second:
        assert await desk.type(talk, ANNA, first) is Outcome.WRONG
    assert await desk.type(talk, ANNA, second) is Outcome.RIGHT


@pytest.mark.parametrize("mailbox", [ANNA, NOBODY])
async def test_three_codes_an_hour_for_a_mailbox(desk: Desk, mailbox: str) -> None:
    """Whoever asks, and whether or not there is such a mailbox; after the hour there are new ones."""
    taken = [await desk.ask(await desk.begin(f"somebody {number}"), mailbox) for number in range(5)]
    assert taken == [True] * 3 + [False] * 2
    desk.clock.now += timedelta(hours=1, seconds=1)
    assert await desk.ask(await desk.begin("somebody else"), mailbox)
    assert len(desk.mails) == (4 if mailbox == ANNA else 0)


@pytest.mark.parametrize("mailboxes", [(ANNA, BERND, "clara@lindenpost.example"), (NOBODY, ANNA, NOBODY)])
async def test_three_codes_an_hour_for_a_conversation(desk: Desk, mailboxes: tuple[str, ...]) -> None:
    """A mailbox that does not exist counts as any other: else the fourth try would tell which ones do."""
    greedy = await desk.begin("greedy")
    for mailbox in mailboxes:
        assert await desk.ask(greedy, mailbox)
    assert not await desk.ask(greedy, "david@lindenpost.example")
    desk.clock.now += timedelta(hours=1, seconds=1)
    assert await desk.ask(greedy, "david@lindenpost.example")


async def test_the_last_code_holds_when_another_one_is_refused(desk: Desk) -> None:
    """For its ten minutes."""
    talk = await desk.begin("anna")
    for _ in range(4):
        await desk.ask(talk, ANNA)
    assert len(desk.mails) == 3
    assert await desk.type(talk, ANNA, desk.mails[-1]) is Outcome.RIGHT


async def test_no_mailbox_or_no_contact_looks_like_any_other(desk: Desk) -> None:
    """The same outcomes, by the same statements on the database, in the same number."""
    frank = "frank@lindenpost.example"  # has no contact address on file
    seen = {}
    for mailbox in (ANNA, NOBODY, frank):
        talk = await desk.begin(mailbox)
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object, to: list[str] = statements) -> None:
            to.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        await desk.services.accounts.codes.request(talk, mailbox)
        outcomes = [await desk.type(talk, mailbox, "000000") for _ in range(6)]
        event.remove(Engine, "before_cursor_execute", note)
        seen[mailbox] = (outcomes, statements)
        await desk.work()
    assert seen[ANNA] == seen[NOBODY] == seen[frank]
    assert seen[ANNA][0] == [Outcome.WRONG] * 5 + [Outcome.EXHAUSTED]


@pytest.mark.slow
async def test_ten_thousand_guesses_teach_nothing(desk: Desk) -> None:
    """Each guess of a mailbox is answered like every other; a handful of mails goes to the owners."""
    guesses = [ANNA, BERND, *(f"kunde{number}@lindenpost.example" for number in range(9_998))]
    talks = [await desk.begin(f"guesser {number}") for number in range(len(guesses) // 3 + 1)]

    async def guess(number: int) -> tuple[bool, Outcome]:
        talk, mailbox = talks[number // 3], guesses[number]
        is_noted = await desk.services.accounts.codes.request(talk, mailbox)
        return is_noted, await desk.type(talk, mailbox, "123456")

    answers: set[tuple[bool, Outcome]] = set()
    for start in range(0, len(guesses), 500):
        answers |= set(await asyncio.gather(*map(guess, range(start, min(start + 500, len(guesses))))))
    assert answers == {(True, Outcome.WRONG)}
    assert not any([await desk.services.accounts.proofs.of(talk) for talk in talks[:2]])
    await desk.work()
    assert len(desk.mails) == 2


async def test_guessing_codes_opens_nothing(desk: Desk) -> None:
    """Of each code five guesses count, and three codes can be had within an hour: 15 in a million."""
    talk = await desk.begin("guesser")
    outcomes: Counter[Outcome] = Counter()
    for _ in range(4):
        await desk.ask(talk, ANNA)
        code = int(desk.mails[-1])
        for guess in range(1, 51):
            outcomes[await desk.type(talk, ANNA, f"{(code + guess) % 1_000_000:06}")] += 1
    assert outcomes == {Outcome.WRONG: 15, Outcome.EXHAUSTED: 185}


async def test_the_customer_is_told_once_when_the_platform_is_down(tmp_path: Path, unused_tcp_port: int) -> None:
    """In the conversation; after ten minutes nobody waits any more."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with opened(
        tmp_path, mailboxes="doveadm", doveadm_url=url, doveadm_api_key="key", doveadm_contact_field="contact"
    ) as desk:
        talk = await desk.begin("anna")
        await desk.ask(talk, ANNA)
        for _ in range(3):
            desk.clock.now += timedelta(seconds=15)
            await desk.work()
        assert len(await desk.services.conversations.messages_after(talk, 0)) == 1
        desk.clock.now += timedelta(minutes=10)
        await desk.work()
        assert desk.mails == []


async def test_no_code_is_readable_in_the_database(desk: Desk, tmp_path: Path) -> None:
    """Neither while its mail waits, nor afterwards: not in any file that SQLite writes."""
    talk = await desk.begin("anna")
    await desk.services.accounts.codes.request(talk, ANNA)
    (codes,) = [loop for loop in desk.services.loops if isinstance(loop, CodeLoop)]
    await codes.do_due()
    before = everything_in(tmp_path)
    await desk.work()
    (code,) = desk.mails
    await desk.type(talk, ANNA, code)
    assert code.encode() not in before
    assert code.encode() not in everything_in(tmp_path)


def everything_in(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize(
    ("text", "concealed"),
    [
        ("123456", MASK),
        ("mein code: 123 456!", f"mein code: {MASK}!"),
        ("123-456", MASK),
        ("123\N{NO-BREAK SPACE}456", MASK),
        ("nicht 111111, sondern 123456", f"nicht {MASK}, sondern {MASK}"),
        ("ich warte noch", "ich warte noch"),
        ("0171 2345678", "0171 2345678"),
        ("am 12.11.2026", "am 12.11.2026"),
    ],
)
def test_a_code_is_masked_before_it_is_stored(text: str, concealed: str) -> None:
    """And nothing else is."""
    typed = Digests(b"key").typed("conversation", text)
    assert mask(text, typed) == concealed
    assert len(typed) == concealed.count(MASK)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each.digest) for each in typed)
