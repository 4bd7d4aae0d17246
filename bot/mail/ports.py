"""What mail needs from others: `bot.store.mails` keeps letters, the mailers beside this file send them."""

from collections.abc import Sequence
from typing import Protocol

from bot.mail.model import Due, Mail


class Mailer(Protocol):
    """A way out of the house."""

    async def send(self, mail: Mail) -> None:
        """Send it. Raises MailError; unless it is final the mail may have gone out all the same."""

    async def ping(self) -> None:
        """Whether it could send; raises MailError."""


class Mails(Protocol):
    """The outbox of mails. What puts letters into it does so within its own transaction: `bot.store.mails.post`."""

    async def due(self) -> Sequence[Due]:
        """What may be sent now."""

    async def seconds_to_next(self) -> float | None:
        """When to look again; None when nothing waits."""

    async def sent(self, due: Due) -> None:
        """It is out; its text is deleted."""

    async def failed(self, due: Due, error: str, retry_in: float | None) -> None:
        """
        Not sent; try again in so many seconds, or never (None: a dead letter).

        The text of a dead letter is deleted when nobody wants it any more.
        """
