"""What the guard makes of a platform's failures."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
import stamina
from pybreaker import CircuitBreaker

from bot.clock import now
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota
from bot.mailplatform.errors import BusyError, TooSlowError, UnreachableError
from bot.mailplatform.guard import ATTEMPTS, GuardedMailboxes, create_breaker

QUOTA = Quota(1, 2, now())
ADDRESS = "anna@lindenpost.example"


class ScriptedMailboxes:
    """Does what the script says, one entry a question, and the last for all that follow."""

    def __init__(self, *script: Exception | Quota) -> None:
        self.script = list(script)
        self.asked = 0
        self.closed = False

    async def quota(self, address: str) -> Quota:
        """See the class."""
        self.asked += 1
        entry = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(entry, Exception):
            raise entry
        return entry

    async def find_contact(self, address: str) -> str | None:
        """See the class."""
        await self.quota(address)
        return None

    async def ping(self) -> None:
        """See the class."""
        await self.quota("")

    async def close(self) -> None:
        """Noted."""
        self.closed = True


class HangingMailboxes(ScriptedMailboxes):
    """Never answers."""

    async def quota(self, address: str) -> Quota:
        """See the class."""
        self.asked += 1
        return await asyncio.Future()


@pytest.fixture(autouse=True)
def _retries_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def breaker() -> CircuitBreaker:
    """As in production."""
    return create_breaker()


def pass_time(breaker: CircuitBreaker, seconds: float) -> None:
    """For the breaker: it opened so much longer ago."""
    breaker._state_storage.opened_at -= timedelta(seconds=seconds)


async def fail(mailboxes: GuardedMailboxes, times: int) -> None:
    """Ask in vain."""
    for _ in range(times):
        with pytest.raises(PlatformError):
            await mailboxes.quota(ADDRESS)


@pytest.mark.parametrize("error", [UnreachableError("no"), BusyError("no")])
async def test_a_failure_that_may_pass_is_tried_again(error: Exception) -> None:
    """Twice, then it is told."""
    platform = ScriptedMailboxes(error, error, QUOTA)
    assert await GuardedMailboxes(platform, 1).quota(ADDRESS) == QUOTA
    assert platform.asked == 3
    platform = ScriptedMailboxes(error)
    with pytest.raises(type(error)):
        await GuardedMailboxes(platform, 1).find_contact(ADDRESS)
    assert platform.asked == ATTEMPTS


@pytest.mark.parametrize("error", [PlatformError("wrong key"), UnknownMailboxError("no")])
async def test_a_failure_that_stays_is_told_at_once(error: Exception) -> None:
    """The same question would get the same answer."""
    platform = ScriptedMailboxes(error, QUOTA)
    with pytest.raises(type(error)):
        await GuardedMailboxes(platform, 1).quota(ADDRESS)
    assert platform.asked == 1


async def test_a_slow_platform_is_not_waited_for_twice() -> None:
    """The customer has waited the whole time already."""
    platform = HangingMailboxes()
    with pytest.raises(TooSlowError, match=r"within 0\.01 seconds"):
        await GuardedMailboxes(platform, 0.01).quota(ADDRESS)
    assert platform.asked == 1


async def test_retries_have_no_time_of_their_own() -> None:
    """What the first attempt took is gone: three slow failures take no longer than one."""

    class SlowlyFailingMailboxes(ScriptedMailboxes):
        async def quota(self, address: str) -> Quota:
            self.asked += 1
            await asyncio.sleep(0.08)
            raise UnreachableError("no")

    platform = SlowlyFailingMailboxes()
    started = asyncio.get_running_loop().time()
    with pytest.raises(TooSlowError):
        await GuardedMailboxes(platform, 0.1).quota(ADDRESS)
    assert platform.asked == 2
    assert asyncio.get_running_loop().time() - started < 0.15


@pytest.mark.parametrize("platform", [ScriptedMailboxes(UnreachableError("no")), HangingMailboxes()])
async def test_a_platform_that_is_down_is_left_alone(platform: ScriptedMailboxes, breaker: CircuitBreaker) -> None:
    """After five failures in a row nobody waits for it any more."""
    mailboxes = GuardedMailboxes(platform, 0.01, breaker)
    await fail(mailboxes, 5)
    asked = platform.asked
    assert asked == 5
    with pytest.raises(PlatformError, match="left alone"):
        await mailboxes.quota(ADDRESS)
    assert platform.asked == asked


async def test_half_a_minute_later_one_question_tries_it(breaker: CircuitBreaker) -> None:
    """It fails, so the platform is left alone again; the next succeeds, and all is as before."""
    platform = ScriptedMailboxes(UnreachableError("no"))
    mailboxes = GuardedMailboxes(platform, 1, breaker)
    await fail(mailboxes, 2)
    pass_time(breaker, 29)
    await fail(mailboxes, 1)
    assert platform.asked == 5
    pass_time(breaker, 2)
    await fail(mailboxes, 2)
    assert platform.asked == 6
    pass_time(breaker, 31)
    platform.script = [QUOTA]
    assert await mailboxes.quota(ADDRESS) == QUOTA
    assert breaker.current_state == "closed"


@pytest.mark.parametrize("error", [UnknownMailboxError("no"), PlatformError("garbage"), BusyError("locked")])
async def test_an_answer_is_no_reason_to_leave_it_alone(error: Exception, breaker: CircuitBreaker) -> None:
    """Else whoever asks for unknown mailboxes, or has a broken one, could shut out all others."""
    mailboxes = GuardedMailboxes(ScriptedMailboxes(error), 1, breaker)
    for _ in range(20):
        with pytest.raises(type(error)):
            await mailboxes.quota(ADDRESS)
    assert breaker.current_state == "closed"


async def test_many_at_once_are_held_off_too(breaker: CircuitBreaker) -> None:
    """A rush of customers is answered in the time that one has to wait."""
    platform = HangingMailboxes()
    mailboxes = GuardedMailboxes(platform, 0.05, breaker)
    async with asyncio.timeout(1):
        results = await asyncio.gather(*(mailboxes.quota(ADDRESS) for _ in range(50)), return_exceptions=True)
    assert all(isinstance(result, PlatformError) for result in results)
    assert breaker.current_state == "open"


async def test_a_ping_asks_once_and_even_now(breaker: CircuitBreaker) -> None:
    """Whoever checks wants to know how it is at this moment."""
    platform = ScriptedMailboxes(UnreachableError("no"))
    mailboxes = GuardedMailboxes(platform, 1, breaker)
    await fail(mailboxes, 2)
    platform.script, platform.asked = [QUOTA], 0
    await mailboxes.ping()
    assert platform.asked == 1
    await mailboxes.close()
    assert platform.closed
