"""What every FAQ file must have to be readable at all: a topic, and entries with slug, question and answer."""

import re
from collections.abc import Iterable, Iterator

from bot.faq.findings import Finding
from bot.faq.source import Section, Source
from bot.faq.words import as_slug, slugify

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BRACES = re.compile(r"\{\s*#?\s*(?P<slug>[^{}]*?)\s*\}\s*$")


def check_structure(sources: Iterable[Source]) -> Iterator[Finding]:
    """Everything that keeps the sources from becoming an FAQ."""
    first: dict[str, Section] = {}
    for source in sources:
        yield from _check_titles(source)
        for section in source.sections:
            yield from _check_section(section)
            if section.slug is None:
                continue
            other = first.setdefault(section.slug, section)
            if other is not section:
                yield _at(
                    section,
                    f"the slug `{section.slug}` also stands in {other.heading.file}:{other.heading.number}",
                    "A slug names one entry: give the newer of the two another one.",
                )


def _check_titles(source: Source) -> Iterator[Finding]:
    if not source.titles:
        yield Finding(source.file, 1, "the file has no topic", "Begin it with a line `# Topic`.")
    elif source.sections and source.sections[0].heading.number < source.titles[0].number:
        line = source.titles[0].number
        yield Finding(source.file, line, "the topic stands below an entry", "Move `# …` to the top of the file.")
    for title in source.titles[:1]:
        if not title.text:
            yield Finding(source.file, title.number, "the topic is empty", "Write its name behind the `#`.")
    for title in source.titles[1:]:
        yield Finding(
            source.file,
            title.number,
            f"a second topic `# {title.text}`",
            "A file is one topic: entries begin with `##`, subheadings of an answer with `###`.",
        )


def _check_section(section: Section) -> Iterator[Finding]:
    if not section.question.text:
        yield _at(section, "the heading has no question", "Write it between `##` and `{#slug}`.")
    yield from _check_slug(section)
    if not section.answer and section.phrasings:
        yield _at(
            section,
            "the entry has no answer, only a list",
            "A list directly below the heading holds further phrasings: write the answer below it, "
            "or a line `<!-- answer -->` above it if the list is the answer.",
        )
    elif not section.answer:
        yield _at(section, "the entry has no answer", "Write it below the heading.")
    yield from _check_missed_headings(section)


def _check_slug(section: Section) -> Iterator[Finding]:
    proposal = slugify(section.question.text)
    braces = _BRACES.search(section.heading.text)
    if section.slug is None and braces:
        slug = as_slug(braces["slug"]) or proposal
        yield _at(
            section, f"the slug `{braces[0]}` is written wrongly", f"Write `{{#{slug}}}`, with `#` in the braces."
        )
    elif section.slug is None:
        remedy = f"End the heading with one, such as `{{#{proposal}}}`; it is the entry's public name for ever."
        yield _at(section, "the heading has no slug", remedy)
    elif not SLUG.fullmatch(section.slug):
        yield _at(
            section,
            f"the slug `{section.slug}` is not allowed",
            f"Only a-z, 0-9 and single hyphens between them: `{{#{as_slug(section.slug) or proposal}}}`.",
        )


def _check_missed_headings(section: Section) -> Iterator[Finding]:
    """What was surely meant to begin an entry, and would vanish in this one's answer."""
    for line in section.missed:
        remedy = "An entry begins with `## `: two `#` and a space, at the beginning of the line."
        yield Finding(line.file, line.number, f"`{line.text}` is meant as an entry, but is none", remedy)


def _at(section: Section, problem: str, remedy: str) -> Finding:
    return Finding(section.heading.file, section.heading.number, problem, remedy)
