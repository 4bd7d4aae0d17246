"""What drafting needs: a language model that writes, and the bot that says what it makes of what was written."""

from collections.abc import Callable
from typing import Protocol


class Chat(Protocol):
    """A language model."""

    async def ask(self, prompt: str) -> str:
        """Its answer. Raises ChatError, or NoDraftsError when only this prompt got none."""
        ...


class Reading(Protocol):
    """What the bot would do with a text; see bot.dialogue.engine.Understood."""

    @property
    def decision(self) -> str:
        """answer, action, clarify or decline."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """`faq/<slug>` and intents; the likeliest first."""
        ...

    @property
    def confidence(self) -> float:
        """0 to 1."""
        ...


Read = Callable[[str], Reading]
"""The trained model."""
