"""The page of arithmetic says what the code reckons, from what the benches measured."""

from dataclasses import replace

from benchmarks.capacity import CAPACITY, PAGE, SIZES, Assumed, Hoster, Measured, render
from benchmarks.marked import MEASURED, README, read_marked, read_table

MEASUREMENTS = Measured(
    one_process=200,
    worker=100,
    memory=240,
    memory_gateway=200,
    memory_worker=200,
    conversation=4000,
    message=1000,
)


def test_the_page_is_up_to_date() -> None:
    """After a bench, or a change of what is assumed: python -m benchmarks.capacity --write."""
    assert read_marked(PAGE, CAPACITY) == render(Assumed(), Measured.read())


def test_the_benches_figures_are_read() -> None:
    """Thousands and decimals as they are written; what was not measured is none."""
    assert read_table("| | a | b |\n|---|---:|---:|\n| x, ms | 1,808.9 | – |\n") == {"x, ms": [1808.9, None]}
    assert read_table(read_marked(README, MEASURED))["memory, MB"][0] == Measured.read().memory


def test_it_is_reckoned_as_the_page_says() -> None:
    """By hand, for a million mailboxes."""
    million = Hoster(1_000_000, Assumed(), MEASUREMENTS)
    assert million.conversations == 30_000
    assert round(million.usual) == 164  # 30,000 / 22 days * 0.12
    assert round(million.peak, 1) == 16.7  # 10,000 in an hour, of 6 messages each
    assert (million.gateways, million.workers) == (2, 2)
    assert round(million.growth, 2) == 0.30  # 30,000 * (4,000 + 6 * 1,000) bytes
    assert million.people == 2  # 164 * 0.2 * 8 minutes / 60 / three at once


def test_more_of_anything_needs_more() -> None:
    """Of a larger hoster no figure is smaller; a shorter retention is less disk in proportion."""
    hosters = [Hoster(size, Assumed(), MEASUREMENTS) for size in SIZES]
    for name in ("peak", "chats", "workers", "gateways", "cores", "memory", "disk", "cost", "people"):
        figures = [getattr(each, name) for each in hosters]
        assert figures == sorted(figures), name
    shorter = Hoster(SIZES[-1], replace(Assumed(), retention=6), MEASUREMENTS)
    assert shorter.disk == hosters[-1].disk / 2


def test_a_worker_is_planned_to_be_half_used() -> None:
    """And one may fail, however little there is to do."""
    needs = {100: 4, 1_000_000: 2}
    for worker, count in needs.items():
        assert Hoster(10_000_000, Assumed(), replace(MEASUREMENTS, worker=worker)).workers == count
