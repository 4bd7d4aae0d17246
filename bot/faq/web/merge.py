"""
A page's entries put into a file of the FAQ.

The file belongs to the editor: slugs, phrasings, notes and the order stay, and
nothing is deleted. Only answers and reworded questions come from the page.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from bot.faq.match import match_questions
from bot.faq.model import Entry, Line
from bot.faq.source import Section, Source, parse_source
from bot.faq.web.extract import Extract, Pair
from bot.faq.words import as_slug, fold, slugify
from bot.faq.writer import add_entry, add_phrasing, set_answer, set_question, topic_start

_ORIGIN = re.compile(r"<!-- Imported from .* -->")
_ANCHOR = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(#([^)\s]+)\)")

_Name = TypeVar("_Name", str, Path)


@dataclass(frozen=True)
class Plan:
    """What an import would do to a file."""

    path: Path
    old: str
    """Text of the file before; empty if it is new."""
    new: str
    notes: tuple[str, ...]
    """What the editor should know, each a line."""


def find_target(sources: Iterable[Source], found: Extract, topic: str | None, folder: Path) -> Path:
    """The file that the entries belong into: of the topic, or else of an earlier import, or else a new one."""
    imported = _origin(found.url) if found.url and not topic else None
    for source in sources:
        if imported in source.lines or (topic and topic.casefold() in _names(source)):
            return Path(source.file)
    name = as_slug(topic or found.title)
    name = "faq" if name in {"", "readme"} else name
    # Many pages are called “Häufige Fragen”: another page's file is not this one's.
    others = {Path(source.file) for source in sources if imported and any(map(_ORIGIN.fullmatch, source.lines))}
    return _free(lambda ending: folder / f"{name}{ending}.md", others)


def plan_import(sources: Sequence[Source], found: Extract, topic: str | None, folder: Path) -> Plan:
    """
    Work out the new text of the file.

    `sources` is the whole FAQ, in which `check_structure` finds nothing. Raises
    FaqError if an entry cannot be written.
    """
    path = find_target(sources, found, topic, folder)
    own = next((source for source in sources if Path(source.file) == path), None)
    old = "\n".join(own.lines) if own else ""
    source = own or parse_source(topic_start(topic or found.title or path.stem, _origin(found.url)), path)
    others = [other for other in sources if other is not own]

    elsewhere = _slugs_by_words(section for other in others for section in other.sections)
    slugs = _match(source, [pair for pair in found.pairs if fold(pair.question) not in elsewhere])
    taken = {section.slug or "" for other in (*others, source) for section in other.sections}
    for pair in found.pairs:
        slug = elsewhere.get(fold(pair.question)) or slugs.get(pair.question) or _free_slug(pair.question, taken)
        taken.add(slug)
        slugs[pair.question] = slug

    notes = [*found.notes]
    by_id = {name: slugs[pair.question] for pair in found.pairs for name in pair.ids}
    for pair in found.pairs:
        if fold(pair.question) in elsewhere:
            notes.append(f"“{pair.question}” is left out: the entry `{slugs[pair.question]}` in another file asks it")
            continue
        source, note = _put(source, pair.question, _linked(pair.answer, by_id), slugs[pair.question])
        notes += note
    gone = [section for section in source.sections if section.slug not in slugs.values()]
    notes += [f"`{section.slug}` is not on the page; it is kept: “{section.question.text}”" for section in gone]
    return Plan(path, old, "\n".join(source.lines), tuple(notes))


def _match(source: Source, pairs: Sequence[Pair]) -> dict[str, str]:
    """Slugs of the entries that the pairs already are, by their questions, which may be phrasings here."""
    known = _slugs_by_words(source.sections)
    same = {pair.question: known[fold(pair.question)] for pair in pairs if fold(pair.question) in known}
    open_entries = {
        section.slug: (section.question.text, section.answer)
        for section in source.sections
        if section.slug is not None and section.slug not in same.values()
    }
    open_pairs = [(pair.question, pair.answer) for pair in pairs if pair.question not in same]
    return same | match_questions(open_entries, open_pairs)


def _slugs_by_words(sections: Iterable[Section]) -> dict[str, str]:
    return {
        fold(line.text): section.slug or "" for section in sections for line in (section.question, *section.phrasings)
    }


def _free_slug(question: str, taken: set[str]) -> str:
    slug = slugify(question) or "frage"
    return _free(lambda ending: f"{slug}{ending}", taken)


def _free(name: Callable[[str], _Name], taken: AbstractSet[_Name]) -> _Name:
    """The name without ending, or else with the first of -2, -3 … that is free."""
    names = map(name, chain([""], (f"-{number}" for number in count(2))))
    return next(free for free in names if free not in taken)


def _put(source: Source, question: str, answer: str, slug: str) -> tuple[Source, list[str]]:
    """The file with the answer at its place, and what is to be told of it."""
    path = Path(source.file)
    section = next((section for section in source.sections if section.slug == slug), None)
    if section is None:
        entry = Entry(slug, Line(question, source.file, 0), (), answer, "")
        return parse_source(add_entry(source, entry), path), []
    notes = []
    known = {fold(line.text) for line in (section.question, *section.phrasings)}
    if fold(question) not in known:
        # What was the question stays as a phrasing, because customers still say it.
        source = parse_source(set_question(source, slug, question), path)
        source = parse_source(add_phrasing(source, slug, section.question.text), path)
        notes.append(f"`{slug}` is now asked as “{question}”, before as “{section.question.text}”")
    if section.answer != answer:
        source = parse_source(set_answer(source, slug, answer), path)
    return source, notes


def _linked(answer: str, by_id: Mapping[str, str]) -> str:
    """The answer with links to entries by their slugs."""
    return _ANCHOR.sub(lambda link: f"[{link[1]}](#{by_id[link[2]]})" if link[2] in by_id else link[1], answer)


def _origin(url: str | None) -> str:
    return f"<!-- Imported from {url} -->" if url else ""


def _names(source: Source) -> set[str]:
    return {source.name.casefold(), *(title.text.casefold() for title in source.titles)}
