"""What customers are told before their first message, and that they were."""

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from bot.settings import Settings


@dataclass(frozen=True)
class Notice:
    """By the settings; its words are the widget's."""

    mode: str
    """`off`, `notice`, or `ask`: it must be accepted first."""
    url: str
    """Of the privacy policy; empty: there is none to link."""
    days: int
    """For which a conversation is kept."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """POSTBOTE_PRIVACY_…, POSTBOTE_KEEP_CONVERSATIONS."""
        return cls(settings.privacy_consent, settings.privacy_url, settings.keep_conversations)

    @property
    def version(self) -> str:
        """Another one whenever something of it changes."""
        told = f"{self.mode} {self.days} {self.url}"
        return f"{self.mode}-{self.days}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def accepts(self, words: str | None) -> bool:
        """Whether a client that showed these words may begin a conversation: version, a space, its own version."""
        return self.mode != "ask" or (words or "").split(" ", 1)[0] == self.version

    def as_json(self) -> dict[str, Any]:
        """For clients."""
        return {"mode": self.mode, "url": self.url or None, "days": self.days, "version": self.version}
