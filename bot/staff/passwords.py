"""Passwords as argon2id digests (RFC 9106)."""

import asyncio
import secrets
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.staff.errors import WeakPasswordError

SHORTEST, LONGEST = 12, 256
AT_ONCE = 2
"""Each takes 64 MiB for a moment."""


class Passwords:
    """Hashes and compares, in threads: it takes a core for about 50 ms, on purpose."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher` sets the cost; the library's own choice is RFC 9106's."""
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """With a salt of its own."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normalise(password))

    async def is_right(self, password: str, stored: str | None) -> bool:
        """Takes as long where nothing is stored."""
        async with self._turns:
            nobodys = await asyncio.to_thread(lambda: self._nobodys)
            same = await asyncio.to_thread(self._verify, stored or nobodys, _normalise(password))
        return same and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed in a way that is not good enough any more; hash it again while one has the password."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _nobodys(self) -> str:
        """Compared with where there is no password, so that it takes as long."""
        return self._hasher.hash(secrets.token_urlsafe())

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str, login: str) -> None:
    """Raises WeakPasswordError. Length is what counts (NIST SP 800-63B): no rule asks for digits or signs."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"A password has {SHORTEST} to {LONGEST} characters; a few words do well.")
    if len(set(password)) < SHORTEST // 2 or login.partition("@")[0] in password.lower():
        raise WeakPasswordError("This password is easy to guess: it repeats few characters, or the login is in it.")


def make_password() -> str:
    """A random one to be told once: 99 bits, without letters that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def _normalise(password: str) -> str:
    # The same keys make "ü" in one way on one system, in another on the next.
    return unicodedata.normalize("NFKC", password)
