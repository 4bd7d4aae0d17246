"""Processes of every role on one database, and how to start them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.server import Server


class Start(Protocol):
    """Starts a process of a role (`gateway`, `worker` or `desk serve`); `POSTBOTE_…` by keyword."""

    def __call__(self, role: str, variables: Mapping[str, str] | None = None, **settings: str) -> Server: ...


@contextmanager
def starting(url: str, folder: Path, **common: str) -> Iterator[Start]:
    """What starts them on the database of that URL; all are killed in the end. `common`: settings of all."""
    with ExitStack() as stack:

        def start(role: str, variables: Mapping[str, str] | None = None, **settings: str) -> Server:
            server = Server(
                folder,
                command=("-m", "bot", *role.split()),
                log=folder / f"{role.replace(' ', '-')}.log",
                variables=variables,
                database_url=url,
                secret_key="a secret that all processes share, long enough",
                messages_per_minute="1000000",
                unlimited_from='["127.0.0.1"]',
                **common,
                **settings,
            )
            stack.callback(server.kill)
            return server

        yield start


@dataclass(frozen=True)
class Fleet:
    """Those of a kind; a server of role `run` is both."""

    gateways: list[Server]
    workers: list[Server]

    @property
    def doors(self) -> list[str]:
        """URLs of the gateways."""
        return [gateway.url for gateway in self.gateways]


def two_of_each(start: Start) -> Fleet:
    """Gateways and workers."""
    return Fleet([start("gateway"), start("gateway")], [start("worker"), start("worker")])


def again(server: Server) -> None:
    """Start one that was stopped or killed, and wait until it answers."""
    server.start()
    server.wait()
