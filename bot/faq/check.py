"""
What is wrong with an FAQ, beyond what keeps it from being read.

Training calls `check_faq` first, `python -m bot faq check` shows the same.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.faq.findings import FaqError, Finding
from bot.faq.links import complaint, find_links
from bot.faq.model import Faq, Line
from bot.faq.reader import faq_of, read_sources
from bot.faq.source import Section, Source
from bot.faq.structure import check_structure
from bot.faq.words import fold

LONGEST_ANSWER = 4096
"""
Characters in one message, the least of the messengers that take long texts:
Telegram (https://core.telegram.org/bots/api#sendmessage) and
WhatsApp (https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#text-object).
"""


def check_faq(folder: Path) -> Faq:
    """The FAQ of the folder; raises FaqError with everything that is wrong with it."""
    sources = read_sources(folder)
    findings = check_sources(sources)
    if findings:
        raise FaqError(findings)
    return faq_of(sources)


def check_sources(sources: Iterable[Source]) -> tuple[Finding, ...]:
    """All findings, in the order of files and lines."""
    sources = tuple(sources)
    sections = [section for source in sources for section in source.sections]
    slugs = frozenset(section.slug for section in sections if section.slug)
    findings = [
        *check_structure(sources),
        *(_without_entries(source) for source in sources if not source.sections),
        *_check_phrasings(sections),
        *(finding for section in sections for finding in _check_answer(section, slugs)),
    ]
    return tuple(sorted(findings))


def _without_entries(source: Source) -> Finding:
    return Finding(source.file, 1, "the file has no entry", "Write one: `## Question? {#slug}`, and its answer below.")


def _check_phrasings(sections: Iterable[Section]) -> Iterator[Finding]:
    """A phrasing belongs to one entry, or the bot could not tell which one is meant."""
    first: dict[str, tuple[Line, Section]] = {}
    for section in sections:
        for line in (section.question, *section.phrasings):
            words = fold(line.text)
            if line.text.startswith("/"):
                yield _at(
                    line, f"`{line.text}` begins with `/`", "That is a command for Rasa: write what customers say."
                )
            if not words and line is not section.question:
                yield _at(line, f"`{line.text}` has no words", "Write what customers say, or take it out.")
            if not words:
                continue
            other, place = first.setdefault(words, (line, section))
            if other is not line:
                yield _double(line, other, same=place is section)


def _double(line: Line, other: Line, *, same: bool) -> Finding:
    if same:
        return _at(
            line, f"`{line.text}` already stands in line {other.number} of the entry", "Take one of the two out."
        )
    problem = f"`{line.text}` also stands in {other.file}:{other.number}, under another entry"
    return _at(line, problem, "Leave it with the entry that answers it, or word it so that it tells the two apart.")


def _check_answer(section: Section, slugs: frozenset[str]) -> Iterator[Finding]:
    if len(section.answer) > LONGEST_ANSWER:
        problem = f"the answer has {len(section.answer)} characters; a messenger takes {LONGEST_ANSWER}"
        remedy = "Shorten it, or make two entries of it; a link can lead to the rest."
        yield Finding(section.heading.file, section.answer_line, problem, remedy)
    for offset, address in find_links(section.answer):
        wrong = complaint(address, slugs)
        if wrong:
            yield Finding(section.heading.file, section.answer_line + offset, *wrong)


def _at(line: Line, problem: str, remedy: str) -> Finding:
    return Finding(line.file, line.number, problem, remedy)
