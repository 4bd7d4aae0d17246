"""Counting in this process takes little room; what else it does is in tests/contract/test_limiter.py."""

from bot.limiter import Hit, Limit, Windows

TWICE = Limit("messages", 2)


class Clock:
    """Stands still."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_who_is_gone_is_forgotten() -> None:
    """However many wrote, only those of the last window take room; who keeps writing stays."""
    clock = Clock()
    windows = Windows(clock)
    for number in range(1000):
        windows.hit(Hit(TWICE, str(number)))
    clock.now += 59
    windows.hit(Hit(TWICE, "0"))
    clock.now += 1
    windows.hit(Hit(TWICE, "new"))
    assert len(windows) == 2


def test_a_look_counts_nothing() -> None:
    """It says whether a hit would be taken."""
    windows = Windows(Clock())
    assert windows.allows(Hit(TWICE, "anna"))
    assert windows.hit(Hit(TWICE, "anna")) == 0
    assert windows.hit(Hit(TWICE, "anna")) == 0
    assert not windows.allows(Hit(TWICE, "anna"))
    assert windows.hit(Hit(TWICE, "anna")) > 0


def test_much_takes_no_more_room_than_little() -> None:
    """A window is twelve numbers, whatever the limit."""
    clock = Clock()
    windows = Windows(clock)
    many = Limit("bytes", 10**9)
    for _ in range(10_000):
        clock.now += 0.01
        assert windows.hit(Hit(many, "anna", 1000)) == 0
    (cells,) = windows._windows[60].values()
    assert len(cells) <= 13
