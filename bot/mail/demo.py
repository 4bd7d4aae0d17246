"""Mails that go nowhere but onto a page of the demo."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.mail.model import Mail

KEPT = 50


@dataclass(frozen=True)
class Shown:
    """A mail as the page shows it."""

    mail: Mail
    at: datetime


class DemoMailer:
    """The port `bot.mail.ports.Mailer`, for looking at; forgets when the process ends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shown: deque[Shown] = deque(maxlen=KEPT)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The last mails, newest first."""
        return tuple(reversed(self._shown))

    async def send(self, mail: Mail) -> None:
        """See the port."""
        self._shown.append(Shown(mail, self._clock()))

    async def ping(self) -> None:
        """Always there."""
