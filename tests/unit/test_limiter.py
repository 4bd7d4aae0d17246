"""Counting in moving windows."""

from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from bot.limiter import Limiter

TWICE_A_MINUTE = RateLimitItemPerMinute(2)


class Clock:
    """Stands still."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_beyond_the_limit_nothing_is_counted() -> None:
    """Who is refused does not wait longer for having tried."""
    clock = Clock()
    limiter = Limiter(clock)
    assert limiter.hit(TWICE_A_MINUTE, "messages", "anna")
    clock.now += 30
    assert limiter.hit(TWICE_A_MINUTE, "messages", "anna")
    assert not limiter.hit(TWICE_A_MINUTE, "messages", "anna")
    clock.now += 30
    assert limiter.hit(TWICE_A_MINUTE, "messages", "anna")
    assert not limiter.hit(TWICE_A_MINUTE, "messages", "anna")


def test_others_are_counted_apart() -> None:
    """Another key, another kind and another limit have windows of their own."""
    limiter = Limiter(Clock())
    once = RateLimitItemPerMinute(1)
    assert limiter.hit(once, "messages", "anna")
    assert limiter.hit(once, "messages", "ben")
    assert limiter.hit(once, "signals", "anna")
    assert limiter.hit(RateLimitItemPerHour(1), "messages", "anna")
    assert not limiter.hit(once, "messages", "anna")


def test_what_is_cleared_begins_anew() -> None:
    """Such as wrong passwords, after the right one."""
    limiter = Limiter(Clock())
    once = RateLimitItemPerMinute(1)
    limiter.hit(once, "anna")
    limiter.clear(once, "anna")
    limiter.clear(once, "never seen")
    assert limiter.hit(once, "anna")


def test_who_is_gone_is_forgotten() -> None:
    """However many wrote, only those of the last window take room; who keeps writing stays."""
    clock = Clock()
    limiter = Limiter(clock)
    for number in range(1000):
        limiter.hit(TWICE_A_MINUTE, "messages", str(number))
    clock.now += 59
    limiter.hit(TWICE_A_MINUTE, "messages", "0")
    clock.now += 1
    limiter.hit(TWICE_A_MINUTE, "messages", "new")
    assert len(limiter) == 2
