"""The bench's table says of every figure whether its aim is met; its large FAQs are FAQs."""

from pathlib import Path

from benchmarks.synthetic import entries, questions, write_faq
from benchmarks.table import GROWTH_OF_TURNS, table
from bot.faq.check import check_faq


def cells(name: str, ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Of the figure's line."""
    (line,) = (line for line in table(ours, theirs).splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_times_and_rates_are_compared_the_right_way_round() -> None:
    """Ours is better by so much: with times the smaller one, with rates the larger one."""
    ours = {"1 client: p95, ms": 8.0, "8 clients: messages a second": 250.0}
    theirs = {"1 client: p95, ms": 56.0, "8 clients: messages a second": 26.0}
    assert cells("1 client: p95, ms", ours, theirs) == ["8.0", "56.0", "7.0 ×", "≤ 10", "met"]
    assert cells("8 clients: messages a second", ours, theirs) == ["250.0", "26.0", "9.6 ×", "≥ 10 ×", "missed"]


def test_what_has_no_counterpart_stands_alone() -> None:
    """Without vanilla Rasa, and for figures that are ratios themselves."""
    assert cells("8 clients: messages a second", {"8 clients: messages a second": 250.0}, {})[1:] == [
        "–", "–", "≥ 10 ×", "",
    ]  # fmt: skip
    assert cells(GROWTH_OF_TURNS, {GROWTH_OF_TURNS: 1.25}, {GROWTH_OF_TURNS: 5.0}) == [
        "1.25", "5.00", "–", "≤ 1.2", "missed",
    ]  # fmt: skip


def test_a_large_faq_passes_the_check_and_is_the_same_in_every_run(tmp_path: Path) -> None:
    """Each entry has a mark that stands in its answer alone."""
    written = entries(250)
    write_faq(tmp_path / "faq", written)
    faq = check_faq(tmp_path / "faq")
    assert len(faq.entries) == 250
    assert written[:10] == entries(10)
    for text, mark in questions(written, 50):
        assert text
        assert [entry.slug for entry in faq.entries if mark in entry.answer] == [f"entry-{int(mark.split()[1])}"]
