"""What customers said and heard, and whether that is what was stored: nothing lost, nothing twice, all in order."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, text

from bot.store.choose import open_database

STORED = text("SELECT id, conversation_id, seq, author, channel_message_id, answers, text FROM messages ORDER BY seq")


@dataclass
class Line:
    """One message of a customer, and what became of it; moments are monotonic."""

    id: str
    text: str
    fits: Callable[[str], bool]
    """Whether a text is a right answer."""
    began: float
    accepted: bool = False
    answered: float | None = None
    answer: str = ""


@dataclass
class Audit:
    """What the ledger and the database say together; each fault in words."""

    accepted: int = 0
    """Messages that are stored."""
    answered: int = 0
    """Of those, the ones whose customers have a right answer that is also stored."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """All of them."""
        return [*self.lost, *self.doubled, *self.disordered, *self.wrong]


class Ledger:
    """Kept by all customers together."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.refusals: Counter[str] = Counter()
        """What customers met before they tried again."""
        self.doubled: list[str] = []
        self.wrong: list[str] = []
        self._answers = 0
        self._changed = asyncio.Condition()

    def begin(self, id: str, text: str, fits: Callable[[str], bool]) -> Line:
        """A customer begins to say something."""
        line = Line(id, text, fits, time.monotonic())
        self.lines.append(line)
        return line

    async def answered(self, line: Line, answer: str) -> None:
        """The customer has it."""
        line.accepted, line.answered, line.answer = True, time.monotonic(), answer
        if not line.fits(answer):
            self.wrong.append(f"{line.id}: {line.text!r} was answered by {answer[:100]!r}")
        async with self._changed:
            self._answers += 1
            self._changed.notify_all()

    async def has(self, count: int) -> None:
        """Returns as soon as so many are answered."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._answers >= count)

    def first_after(self, moment: float, fits: Callable[[str], bool] = bool) -> float | None:
        """Seconds from the moment to the first answer after it."""
        return min((line.answered - moment for line in self.lines if _is_after(line, moment, fits)), default=None)

    def last_late(self, moment: float) -> float | None:
        """Seconds from the moment to the last answer after it to something that was said before it."""
        late = (line for line in self.lines if line.began < moment)
        return max((line.answered - moment for line in late if _is_after(line, moment, bool)), default=None)

    async def audit(self, database_url: str) -> Audit:
        """To be called when all is over."""
        database = open_database(database_url)
        try:
            rows = await database.read(_read)
        finally:
            await database.close()
        return _compare(self, rows)


def _is_after(line: Line, moment: float, fits: Callable[[str], bool]) -> bool:
    return line.answered is not None and line.answered >= moment and fits(line.answer)


def _read(connection: Connection) -> Sequence[Row]:
    return connection.execute(STORED).all()


def _compare(ledger: Ledger, rows: Sequence[Row]) -> Audit:
    asked: defaultdict[str, list[Row]] = defaultdict(list)
    replies: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.author == "customer" and row.channel_message_id:
            asked[row.channel_message_id].append(row)
        elif row.answers:
            replies[row.answers].append(row)
    audit = Audit(wrong=ledger.wrong, doubled=ledger.doubled, accepted=sum(map(len, asked.values())))
    for line in ledger.lines:
        stored = asked.pop(line.id, [])
        _check(audit, line, stored, replies)
    audit.doubled += [f"{id} was never said" for id in asked]
    audit.disordered += _disordered(ledger, rows)
    return audit


def _check(audit: Audit, line: Line, stored: Sequence[Row], replies: dict[int, list[Row]]) -> None:
    said = [reply for row in stored for reply in replies.get(row.id, ())]
    if len(stored) > 1:
        audit.doubled.append(f"{line.id} is stored {len(stored)} times")
    if len({reply.text for reply in said}) < len(said) or not _is_one_turn(said):
        audit.doubled.append(f"{line.id} has more than one answer")
    if line.accepted and not stored:
        audit.lost.append(f"{line.id} was accepted, and is not stored")
    elif stored and not said:
        audit.lost.append(f"{line.id} has no answer")
    elif stored and line.answered is None:
        audit.lost.append(f"{line.id} has an answer that its customer never got")
    elif stored and said[-1].text in line.answer:
        audit.answered += 1
    elif stored:
        audit.wrong.append(f"{line.id}: the customer got {line.answer[:80]!r}, stored is {said[-1].text[:80]!r}")


def _is_one_turn(said: Sequence[Row]) -> bool:
    """A turn's replies are written together."""
    return [reply.seq - said[0].seq for reply in said] == list(range(len(said)))


def _disordered(ledger: Ledger, rows: Sequence[Row]) -> Iterator[str]:
    """Every customer waits for the answer: question, answer, question, in the order in which they were said."""
    order = {line.id: number for number, line in enumerate(ledger.lines)}
    last: dict[str, int] = {}
    open_question: dict[str, int] = {}
    for row in rows:
        if row.author == "customer" and row.channel_message_id in order:
            number = order[row.channel_message_id]
            if number < last.get(row.conversation_id, -1):
                yield f"{row.channel_message_id} stands behind what was said after it"
            last[row.conversation_id], open_question[row.conversation_id] = number, row.id
        elif row.answers and row.answers != open_question.get(row.conversation_id):
            yield f"an answer of {row.conversation_id} stands behind another question"
