"""Where what is seen comes from."""

from collections.abc import Sequence
from typing import Protocol

from bot.insight.model import AgentsRating, EntrysRating, Period, Rating


class Ratings(Protocol):
    """What customers think of answers and of conversations."""

    async def rate_answer(self, conversation: str, seq: int, *, up: bool) -> None:
        """
        Whether the answer with this `seq` helped; said again it replaces what was said before.

        Raises NotRateableError when it is no answer from the FAQ, or another conversation's.
        """

    async def rate_conversation(self, conversation: str, stars: int, comment: str | None = None) -> None:
        """
        1 to 5 stars for the last hand-off that ended and its agent, or for the bot if there was none.

        Said again it replaces what was said before, the comment as well. Raises ValueError for other stars.
        """

    async def newest(self, period: Period, most: int) -> Sequence[Rating]:
        """Those of the period, newest first."""

    async def of_agents(self, period: Period) -> Sequence[AgentsRating]:
        """Of each agent who was rated in the period, by name."""

    async def of_entries(self, period: Period) -> Sequence[EntrysRating]:
        """Of each entry that was rated in the period, the worst first."""
