"""What mailboxes need from the hoster's platform; implementations are in `bot.mailplatform`."""

from typing import Protocol

from bot.mailboxes.model import Quota


class Mailboxes(Protocol):
    """The platform. Addresses are lower case and have been checked to be such."""

    async def quota(self, address: str) -> Quota:
        """Now. Raises UnknownMailboxError, PlatformError."""

    async def find_contact(self, address: str) -> str | None:
        """
        The owner's contact address on file, which is another mailbox; None if there is none or no such mailbox.

        Raises PlatformError.
        """

    async def ping(self) -> None:
        """Whether it answers and knows our credentials; raises PlatformError."""

    async def close(self) -> None:
        """Let go of connections."""
