"""
Ask a platform so that its troubles do not become ours: in time, again when that helps, and not while it is down.

Which failure is worth what stands in `bot.mailplatform.errors`; adapters decide it where they see it. Retries are
stamina's: a few, with jitter, each in the log. The circuit breaker is pybreaker's: one file without dependencies,
typed and released within the year; aiobreaker's last release is of 2021, purgatory's of 2024.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina
from pybreaker import CircuitBreaker, CircuitBreakerError

from bot.mailboxes.errors import PlatformError
from bot.mailboxes.model import Quota
from bot.mailboxes.ports import Mailboxes
from bot.mailplatform.errors import BusyError, TooSlowError, UnreachableError
from bot.tracing import Kind, part

T = TypeVar("T")
ATTEMPTS = 3


def create_breaker() -> CircuitBreaker:
    """Opens after five failures in a row; half a minute later one question may try whether all is well again."""
    return CircuitBreaker(
        fail_max=5, reset_timeout=30, exclude=[_is_an_answer], throw_new_error_on_trip=False, name="mailboxes"
    )


class GuardedMailboxes:
    """`Mailboxes` that answer, or raise PlatformError, within `timeout` seconds, retries included."""

    def __init__(self, mailboxes: Mailboxes, timeout: float, breaker: CircuitBreaker | None = None) -> None:
        self._mailboxes = mailboxes
        self._timeout = timeout
        self._breaker = breaker or create_breaker()

    async def quota(self, address: str) -> Quota:
        """See the port."""
        with part("platform: quota", Kind.CLIENT):
            return await self._ask(lambda: self._mailboxes.quota(address))

    async def find_contact(self, address: str) -> str | None:
        """See the port."""
        with part("platform: contact", Kind.CLIENT):
            return await self._ask(lambda: self._mailboxes.find_contact(address))

    async def ping(self) -> None:
        """See the port. It asks past the breaker, once: whoever checks wants to know how it is now."""
        await self._ask_by(self._deadline(), self._mailboxes.ping)

    async def close(self) -> None:
        """See the port."""
        await self._mailboxes.close()

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        retrying = stamina.AsyncRetryingCaller(
            attempts=ATTEMPTS, timeout=self._timeout, wait_initial=0.1, wait_max=1, wait_jitter=0.2
        )
        return await retrying(_is_worth_a_retry, self._ask_unless_down, self._deadline(), question)

    async def _ask_unless_down(self, deadline: float, question: Callable[[], Awaitable[T]]) -> T:
        try:
            with self._breaker.calling():
                return await self._ask_by(deadline, question)
        except CircuitBreakerError as error:
            raise PlatformError("The platform did not answer lately, so it is left alone for a moment.") from error

    async def _ask_by(self, deadline: float, question: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout_at(deadline):
                return await question()
        except TimeoutError as error:
            raise TooSlowError(f"The platform did not answer within {self._timeout:g} seconds.") from error

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._timeout


def _is_worth_a_retry(error: Exception) -> bool:
    return isinstance(error, UnreachableError | BusyError) and not isinstance(error, TooSlowError)


def _is_an_answer(error: BaseException) -> bool:
    return not isinstance(error, UnreachableError)
