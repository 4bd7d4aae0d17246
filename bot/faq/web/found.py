"""What is found on a page."""

from dataclasses import dataclass, field

from bs4.element import PageElement


@dataclass(frozen=True)
class Found:
    """A question with its answer, still in the page's own markup."""

    question: str
    answer: tuple[PageElement, ...]
    ids: frozenset[str] = field(default=frozenset())
    """Ids of the elements that it is made of, to which links may lead."""
