"""Which of several processes takes the turns of a conversation: all know it, and none asks."""

import hashlib
from collections.abc import Collection


class Shares:
    """
    Rendezvous hashing among those that live (Thaler and Ravishankar, 1998).

    The conversation is for the process whose name gives the greatest number together with it; when a process comes
    or goes, only conversations that become or were its own change hands. It is no lock: see bot.store.claims.
    """

    def __init__(self, me: str) -> None:
        self._me = me
        self.living: Collection[str] = ()
        """The names of those that give signs of life, as far as is known."""

    def is_mine(self, conversation: str) -> bool:
        """Whether this process is to take the conversation's turns."""
        return max({*self.living, self._me}, key=lambda name: _weight(name, conversation)) == self._me


def _weight(name: str, conversation: str) -> bytes:
    return hashlib.blake2b(f"{name} {conversation}".encode(), digest_size=8).digest()
