"""Computing on several cores."""

import os

import pytest

from bot.dialogue.nlu.parallel import each


def test_results_come_in_order_whoever_worked_them_out() -> None:
    """Seven things; where there are cores, not all in this process."""
    results = each(lambda number: (number * number, os.getpid()), range(7))
    assert [square for square, _ in results] == [0, 1, 4, 9, 16, 25, 36]
    assert len({process for _, process in results}) == min(4, len(os.sched_getaffinity(0)))
    assert each(lambda number: number, []) == []


def test_what_is_wrong_in_a_child_is_raised_here() -> None:
    """As if there were none."""

    def fail(number: int) -> int:
        if number == 1:
            raise ValueError("one is wrong")
        return number

    with pytest.raises(ValueError, match="one is wrong"):
        each(fail, [0, 1])


def test_a_child_that_is_killed_costs_nothing_but_time() -> None:
    """Its share is worked out by its parent."""
    parent = os.getpid()

    def die(number: int) -> int:
        if os.getpid() != parent:
            os._exit(9)
        return number

    assert each(die, [1, 2, 3]) == [1, 2, 3]
