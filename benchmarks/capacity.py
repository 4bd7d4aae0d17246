"""
How much of everything a hoster needs, from what was measured and what is assumed: `python -m benchmarks.capacity`.

Prints the tables of docs/how-to/size-it.md; `--write` puts them there. What is measured is read from
benchmarks/README.md; what is assumed stands in `Assumed`, and is to be changed to what is usual with you.
"""

import argparse
from dataclasses import dataclass, field, fields
from math import ceil
from pathlib import Path
from typing import Self

from benchmarks.marked import MEASURED, README, SIZE, read_marked, read_table, write_marked
from benchmarks.size import BYTES_OF_CONVERSATION, BYTES_OF_MESSAGE, MEMORY_OF_GATEWAY, MEMORY_OF_WORKER

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "size-it.md"
CAPACITY = "<!-- capacity -->"
SIZES = (10_000, 1_000_000, 10_000_000)
GB = 1_000_000_000


@dataclass(frozen=True)
class Assumed:
    """About customers and prices; nobody measured it."""

    contacts: float = field(default=0.03, metadata={"text": "conversations a mailbox and month"})
    messages: float = field(default=6, metadata={"text": "messages that a customer writes in a conversation"})
    working_days: float = field(default=22, metadata={"text": "days of a month on which they write"})
    busiest_hour: float = field(default=0.12, metadata={"text": "share of a day's conversations in its busiest hour"})
    outage: float = field(
        default=0.01, metadata={"text": "share of all mailboxes that write within an hour when the mail is down"}
    )
    minutes: float = field(default=10, metadata={"text": "minutes that a chat stays open"})
    used: float = field(default=0.5, metadata={"text": "share of what a process can do that it is to be used for"})
    sockets: float = field(default=5_000, metadata={"text": "open chats that a gateway is to hold"})
    handed_over: float = field(default=0.2, metadata={"text": "share of conversations that come to a person"})
    handling: float = field(default=8, metadata={"text": "minutes that a person takes for one, with three at once"})
    retention: float = field(default=12, metadata={"text": "months for which conversations are kept"})
    database_cores: float = field(default=1, metadata={"text": "cores of the database for each worker"})
    database_memory: float = field(default=2, metadata={"text": "GB of memory of the database for each of its cores"})
    core_hour: float = field(default=0.03, metadata={"text": "€ an hour for a core"})
    memory_hour: float = field(default=0.004, metadata={"text": "€ an hour for a GB of memory"})
    disk_month: float = field(
        default=0.15, metadata={"text": "€ a month for a GB of the database's disk, with its backup"}
    )


@dataclass(frozen=True)
class Measured:
    """By the benches; see benchmarks/README.md."""

    one_process: float = field(metadata={"text": "messages a second, all in one process on SQLite, 8 clients"})
    worker: float = field(metadata={"text": "messages a second, a gateway and a worker on PostgreSQL"})
    memory: float = field(metadata={"text": "MB of all in one process"})
    memory_gateway: float = field(metadata={"text": "MB of a gateway"})
    memory_worker: float = field(metadata={"text": "MB of a worker"})
    conversation: float = field(metadata={"text": "bytes of a conversation on PostgreSQL, beside its messages"})
    message: float = field(metadata={"text": "bytes of a message on PostgreSQL, with its answers and indexes"})

    @classmethod
    def read(cls) -> Self:
        """From the tables that the benches wrote."""
        speed = read_table(read_marked(README, MEASURED))
        sizes = read_table(read_marked(README, SIZE))
        figures = (
            speed["8 clients: messages a second"][0],
            speed["PostgreSQL, gateway and 1 worker: messages a second"][0],
            speed["memory, MB"][0],
            sizes[MEMORY_OF_GATEWAY][1],
            sizes[MEMORY_OF_WORKER][1],
            sizes[BYTES_OF_CONVERSATION][1],
            sizes[BYTES_OF_MESSAGE][1],
        )
        return cls(*(figure for figure in figures if figure is not None))


class Hoster:
    """One of so many mailboxes."""

    def __init__(self, mailboxes: int, assumed: Assumed, measured: Measured) -> None:
        self.mailboxes = mailboxes
        self._assumed = assumed
        self._measured = measured

    @property
    def conversations(self) -> float:
        """A month."""
        return self.mailboxes * self._assumed.contacts

    @property
    def usual(self) -> float:
        """Conversations in the busiest hour of a working day."""
        return self.conversations / self._assumed.working_days * self._assumed.busiest_hour

    @property
    def outage(self) -> float:
        """Conversations in an hour in which the mail is down."""
        return self.mailboxes * self._assumed.outage

    @property
    def peak(self) -> float:
        """Messages a second at the worst."""
        return self.rate(max(self.usual, self.outage))

    def rate(self, conversations: float) -> float:
        """Messages a second, of so many conversations in an hour."""
        return conversations * self._assumed.messages / 3600

    @property
    def chats(self) -> float:
        """Open at once at the worst."""
        return max(self.usual, self.outage) * self._assumed.minutes / 60

    @property
    def is_one(self) -> bool:
        """Whether one process does, which may be away while it starts again."""
        enough = self.peak <= self._measured.one_process * self._assumed.used and self.chats <= self._assumed.sockets
        return enough and self.mailboxes < 100_000

    @property
    def workers(self) -> int:
        """Two at least, so that one may fail."""
        return 1 if self.is_one else max(2, ceil(self.peak / (self._measured.worker * self._assumed.used)))

    @property
    def gateways(self) -> int:
        """The same; a gateway does as many messages as a worker, and holds the open chats."""
        if self.is_one:
            return 0
        return max(self.workers, ceil(self.chats / self._assumed.sockets))

    @property
    def database_cores(self) -> int:
        """None where it is a file."""
        return 0 if self.is_one else ceil(self.workers * self._assumed.database_cores)

    @property
    def people(self) -> int:
        """At the desk in the busiest hour of a working day."""
        return ceil(self.usual * self._assumed.handed_over * self._assumed.handling / 60 / 3)

    @property
    def growth(self) -> float:
        """GB a month."""
        of_one = self._measured.conversation + self._assumed.messages * self._measured.message
        return self.conversations * of_one / GB

    @property
    def disk(self) -> float:
        """GB, once as much is deleted as comes in."""
        return self.growth * self._assumed.retention

    @property
    def cores(self) -> int:
        """One for each process, for which it has one thread that matters, and the database's."""
        return self.gateways + self.workers + self.database_cores + (0 if self.is_one else 1)

    @property
    def memory(self) -> float:
        """GB."""
        if self.is_one:
            return self._measured.memory / 1000
        processes = self.gateways * self._measured.memory_gateway + (self.workers + 1) * self._measured.memory_worker
        return processes / 1000 + self.database_cores * self._assumed.database_memory

    @property
    def cost(self) -> float:
        """€ a month."""
        hours = 730
        running = self.cores * self._assumed.core_hour + self.memory * self._assumed.memory_hour
        return running * hours + self.disk * self._assumed.disk_month


def render(assumed: Assumed, measured: Measured) -> str:
    """Markdown."""
    hosters = [Hoster(mailboxes, assumed, measured) for mailboxes in SIZES]
    lines = {
        "conversations a month": [_number(each.conversations) for each in hosters],
        "messages a second, busiest usual hour": [_number(each.rate(each.usual)) for each in hosters],
        "messages a second, mail down": [_number(each.rate(each.outage)) for each in hosters],
        "chats open at once, mail down": [_number(each.chats) for each in hosters],
        "processes": [_processes(each) for each in hosters],
        "cores, with the database's": [_number(each.cores) for each in hosters],
        "memory, with the database's, GB": [_number(each.memory) for each in hosters],
        "database grows by, GB a month": [_number(each.growth) for each in hosters],
        "database in the end, GB": [_number(each.disk) for each in hosters],
        "machines and disk, € a month": [_number(each.cost) for each in hosters],
        "people at the desk, busiest usual hour": [_number(each.people) for each in hosters],
    }
    head = [f"| mailboxes | {' | '.join(_number(each.mailboxes) for each in hosters)} |", "|---|---:|---:|---:|"]
    result = [f"| {name} | {' | '.join(cells)} |" for name, cells in lines.items()]
    return "\n\n".join(
        ["\n".join(_listed("assumed", assumed)), "\n".join(_listed("measured", measured)), "\n".join([*head, *result])]
    )


def write() -> None:
    """Put it into the page, as after each bench."""
    write_marked(PAGE, CAPACITY, render(Assumed(), Measured.read()))


def _listed(title: str, values: Assumed | Measured) -> list[str]:
    lines = [(each.metadata["text"], getattr(values, each.name)) for each in fields(values)]
    return [f"| {title} | |", "|---|---:|", *(f"| {text} | {value:,.10g} |" for text, value in lines)]


def _processes(hoster: Hoster) -> str:
    if hoster.is_one:
        return "`run`"
    return f"{hoster.gateways} gateways, {hoster.workers} workers, 1 desk"


def _number(value: float) -> str:
    """Two digits that count."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.2g}"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/how-to/size-it.md")
    if parser.parse_args().write:
        write()
    print(render(Assumed(), Measured.read()))


if __name__ == "__main__":
    main()
