"""What ticket systems have in common that can only be written to."""

from collections.abc import Sequence

from bot.tickets.model import State


class WriteOnly:
    """Nothing is found there, and no state is known; a second attempt must be harmless otherwise."""

    async def find(self, number: str) -> str | None:  # noqa: ARG002 -- the port's
        """None."""
        return None

    async def states(self, references: Sequence[str]) -> dict[str, State]:  # noqa: ARG002 -- the port's
        """None."""
        return {}

    async def close(self) -> None:
        """Nothing to let go of."""
