"""Where what is seen comes from."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from bot.insight.model import (
    AgentsRating,
    Count,
    Criteria,
    Day,
    EntrysRating,
    Found,
    Mean,
    Rating,
    Selection,
    Volume,
    Waits,
)


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

    async def is_rated(self, conversation: str) -> bool:
        """Whether `rate_conversation` would replace what was said before."""

    async def newest(self, selection: Selection, most: int) -> Sequence[Rating]:
        """Those of the selection, newest first."""

    async def of_conversations(self, selection: Selection) -> Mean:
        """Of all conversations, whoever held them; answers count by entry."""

    async def of_agents(self, selection: Selection) -> Sequence[AgentsRating]:
        """Of each agent who was rated, by name."""

    async def of_entries(self, selection: Selection) -> Sequence[EntrysRating]:
        """Of each entry that was rated, the worst first."""


class Search(Protocol):
    """Finds conversations."""

    async def find(self, criteria: Criteria, skip: int, most: int) -> Found:
        """`most` of them after the first `skip`."""


class Figures(Protocol):
    """How much happened, and how well it went; docs/words.md says what is counted."""

    async def by_day(self, days: Sequence[Day], channel: str | None) -> Mapping[date, Sequence[Volume]]:
        """Of each day the channels in which something happened, by name."""

    async def volumes(self, selection: Selection) -> Sequence[Volume]:
        """Of the whole stretch of time, by channel: a conversation of several days is one."""

    async def reasons(self, selection: Selection) -> Sequence[Count]:
        """Why people were called, the most frequent reason first."""

    async def waits(self, selection: Selection) -> Waits:
        """How long customers waited for a person's first words."""

    async def asked(self, selection: Selection, most: int) -> Sequence[Count]:
        """Labels of the entries that were answered most often."""

    async def declined(self, selection: Selection, most: int) -> Sequence[Count]:
        """Questions that the bot had no answer to, most often first; those that differ in case alone are one."""
