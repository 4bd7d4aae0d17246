"""FAQs of other fields, as `make quality` measures them: a library's, a waste office's, a savings bank's."""

import pytest
import yaml

from benchmarks.understanding import figures as of
from benchmarks.understanding import restore
from benchmarks.understanding.data import FOREIGN, QUALITY, foreign, messages, own
from benchmarks.understanding.robust import VARIANTS, varied
from benchmarks.understanding.systems import postbote
from bot.dialogue.nlu.lessons import Lesson
from bot.faq.words import fold


@pytest.fixture(scope="module")
def intents() -> list[Lesson]:
    """The project's."""
    return list(own().lessons)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "phrasings", "first", "three"),
    [
        ("bibliothek", False, 0.52, 0.65),
        ("bibliothek", True, 0.85, 0.95),
        ("abfall", False, 0.28, 0.54),
        ("abfall", True, 0.50, 0.72),
        ("sparkasse", False, 0.17, 0.34),
        ("sparkasse", True, 0.38, 0.58),
    ],
)
def test_entries_are_ranked(intents: list[Lesson], name: str, phrasings: bool, first: float, three: float) -> None:
    """The right one first, or among three; in other words than the FAQ has, and hardly ever a wrong answer."""
    task = foreign(name, intents, phrasings=phrasings)
    pairs = list(zip(task.asked, postbote(task), strict=True))
    assert of.share(pairs, of.is_first) >= first
    assert of.share(pairs, of.is_among_three) >= three
    assert of.share(pairs, of.is_wrong) <= 0.06


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_faq_is_honest(name: str) -> None:
    """A hundred messages at least, fifteen phrasings an entry, and no message is a phrasing."""
    asked = messages(QUALITY / "foreign" / f"{name}.jsonl")
    more = yaml.safe_load((QUALITY / "foreign" / f"{name}.phrasings.yml").read_text("utf-8"))
    assert len(asked) >= 100
    assert {len(lines.splitlines()) for lines in more.values()} == {15}
    assert {example.label for example in asked} <= {f"faq/{slug}" for slug in more}
    phrasings = {fold(line) for lines in more.values() for line in lines.splitlines()}
    assert not phrasings & {fold(example.text) for example in asked}


def test_values_of_restore_messages_are_read() -> None:
    """At least 97 % of each kind; the aim is 95."""
    for kind, (right, count) in restore.measure().items():
        assert right >= 0.97 * count, kind


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_are_the_same_in_every_run(variant: str) -> None:
    """And are no other messages: most letters stay."""
    examples = messages(QUALITY / "heldout.jsonl")
    again = varied(examples, variant)
    assert again == varied(examples, variant)
    assert [one.label for one in again] == [one.label for one in examples]
    assert sum(one != other for one, other in zip(again, examples, strict=True)) > 100
