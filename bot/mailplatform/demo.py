"""Mailboxes of a hoster that does not exist, so that everything can be tried without a platform."""

from typing import NamedTuple

from bot.clock import Clock
from bot.mailboxes.errors import UnknownMailboxError
from bot.mailboxes.model import Quota

GB = 1024**3


class DemoMailbox(NamedTuple):
    """One of them; `used` and `total` in bytes."""

    used: int
    total: int | None
    contact: str | None


DEMO_MAILBOXES = {
    "anna@lindenpost.example": DemoMailbox(32 * GB // 10, 5 * GB, "anna.brandt@privat.example"),  # 64 %
    "bernd@lindenpost.example": DemoMailbox(465 * GB // 100, 5 * GB, "bernd@familie-vogt.example"),  # 93 %
    "clara@lindenpost.example": DemoMailbox(2 * GB, 2 * GB, "c.lorenz@privat.example"),  # 100 %
    "david@lindenpost.example": DemoMailbox(184 * GB // 10, None, "david@werkstatt.example"),  # no limit
    "emma@lindenpost.example": DemoMailbox(0, 5 * GB, "emma@privat.example"),  # new
    "frank@lindenpost.example": DemoMailbox(11 * GB // 10, 5 * GB, None),  # no contact on file
    "buero@lindenpost.example": DemoMailbox(2575 * GB // 100, 25 * GB, "inhaber@privat.example"),  # 103 %
}


class DemoMailboxes:
    """`Mailboxes` as seeded above; they never change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def quota(self, address: str) -> Quota:
        """See the port."""
        if address not in DEMO_MAILBOXES:
            raise UnknownMailboxError("The demo has no such mailbox. Those it has are in bot/mailplatform/demo.py.")
        mailbox = DEMO_MAILBOXES[address]
        return Quota(mailbox.used, mailbox.total, self._clock())

    async def find_contact(self, address: str) -> str | None:
        """See the port."""
        return DEMO_MAILBOXES[address].contact if address in DEMO_MAILBOXES else None

    async def ping(self) -> None:
        """It is always there."""

    async def close(self) -> None:
        """There is nothing to let go of."""
