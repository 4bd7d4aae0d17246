"""What the language model is asked: the entry and nothing else, without what could be personal."""

from pathlib import Path
from string import Template

from bot.faq.learning.privacy import mask, mask_lines
from bot.faq.model import Entry

MOST_PHRASINGS = 60
"""Existing ones that are shown; more would cost more than they tell."""
_PROMPT = Template((Path(__file__).parent / "prompt.de.txt").read_text("utf-8"))


def prompt_for(entry: Entry, number: int) -> str:
    """The prompt for so many further phrasings of the entry."""
    phrasings = [f"- {mask(phrasing.text)}" for phrasing in entry.phrasings[:MOST_PHRASINGS]]
    return _PROMPT.substitute(
        number=number,
        topic=mask(entry.topic),
        question=mask(entry.question.text),
        answer=mask_lines(entry.answer),
        phrasings="\n".join(phrasings) or "(keine)",
    )
