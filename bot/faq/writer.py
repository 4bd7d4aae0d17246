"""
FAQ as Markdown text: a whole topic written anew, or one thing changed in a text that an editor wrote.

Changes touch only the lines they are about; each is read back before it is returned,
so that a text that does not fit can never harm the entries around it.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.faq.findings import FaqError, Finding
from bot.faq.markdown import MARKDOWN, plain, unquoted
from bot.faq.model import Entry, Topic
from bot.faq.source import Section, Source, parse_source, without_blank_end

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_MARK = "\ufeff"
_MARKER = re.compile(r" {0,3}[-*+] +")

# Question, phrasings, answer: what reading must give back, whatever the lines.
_Parts = tuple[str, tuple[str, ...], str]


def topic_start(title: str, note: str = "") -> str:
    """A new file's text without entries."""
    return "\n\n".join(filter(None, [f"# {_inline(title)}", note])) + "\n"


def topic_text(topic: Topic) -> str:
    """The topic as a file's text; reading it gives the topic again, with the lines of this text."""
    return "\n\n".join([topic_start(topic.title).rstrip("\n"), *map(entry_text, topic.entries)]) + "\n"


def entry_text(entry: Entry) -> str:
    """The entry as it stands in a file."""
    items = [f"- {_inline(phrasing.text)}" for phrasing in entry.phrasings]
    lines = [_heading(entry.question.text, entry.slug), *items, "", *_parting(entry.answer), entry.answer]
    return "\n".join(lines)


def add_entry(source: Source, entry: Entry) -> str:
    """The file's text with the entry at its end."""
    text = "\n".join([*without_blank_end(source.lines), "", entry_text(entry), ""])
    return _proved(source, text, [*map(_parts, source.sections), _parts(entry)], entry.slug)


def add_phrasing(source: Source, slug: str, phrasing: str) -> str:
    """The file's text with one phrasing more at the entry; raises KeyError where there is no such entry."""
    section = _get_section(source, slug)
    phrasing = unquoted(" ".join(phrasing.split()))
    question, phrasings, answer = _parts(section)
    first = source.lines[section.phrasings[0].number - 1] if section.phrasings else ""
    # Another marker would begin another list.
    marker = _MARKER.match(first)
    item = (marker[0] if marker else "- ") + _inline(phrasing)
    lines = [*source.lines[: section.phrasings_end], item, *_body(source, section, answer)]
    return _replaced(source, section, lines, (question, (*phrasings, phrasing), answer))


def set_question(source: Source, slug: str, question: str) -> str:
    """The file's text with another canonical question of the entry; raises KeyError where there is no such entry."""
    section = _get_section(source, slug)
    question = " ".join(question.split())
    number = section.heading.number
    lines = [*source.lines[: number - 1], _heading(question, slug), *source.lines[number:]]
    return _replaced(source, section, lines, (question, *_parts(section)[1:]))


def set_answer(source: Source, slug: str, answer: str) -> str:
    """The file's text with another answer of the entry; raises KeyError where there is no such entry."""
    section = _get_section(source, slug)
    lines = [*source.lines[: section.phrasings_end], *_body(source, section, answer)]
    return _replaced(source, section, lines, (*_parts(section)[:2], answer))


def save(path: Path, text: str) -> None:
    """Write the file in one step; lines that stay keep their ends, and the file its byte order mark."""
    old = path.read_bytes().decode() if path.exists() else ""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(_as_it_was(old, text).encode())
    new.replace(path)


def _as_it_was(old: str, text: str) -> str:
    mark = _MARK if old.startswith(_MARK) else ""
    usual = "\r\n" if "\r\n" in old else "\n"
    # Text and end of each line by turns. Edits mostly add lines, so the next old one is found further down.
    parts = re.split(r"(\r\n|\r|\n)", old.removeprefix(_MARK))
    before = list(zip(parts[::2], parts[1::2], strict=False))
    ends, at = [], 0
    for line in (lines := text.split("\n"))[:-1]:
        stays = at < len(before) and before[at][0] == line
        ends.append(before[at][1] if stays else usual)
        at += stays
    return mark + "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def _heading(question: str, slug: str) -> str:
    return f"## {_inline(question)} {{#{slug}}}"


def _inline(text: str) -> str:
    """The text as Markdown that reads as this text, with as few backslashes as will do."""
    tokens = MARKDOWN.parse(f"- {text}\n\n# {text}")
    harmless = [token.content for token in tokens if token.type == "inline"] == [text, text] and plain(text) == text
    return text if harmless else _PUNCTUATION.sub(r"\\\1", text)


def _parting(answer: str) -> list[str]:
    """What must stand before an answer that would be taken for phrasings, or for a part of the last one."""
    tokens = MARKDOWN.parse(answer)
    is_list = bool(tokens) and tokens[0].type == "bullet_list_open"
    return ["<!-- answer -->"] if is_list or answer[:1].isspace() else []


def _body(source: Source, section: Section, answer: str) -> list[str]:
    """The lines below the phrasings up to the file's end, with this answer for the section's own."""
    between = list(source.lines[section.phrasings_end : section.answer_line - 1])
    if not any(map(str.strip, between)):
        between = [*(between or [""]), *_parting(answer)]
    end = section.answer_line - 1 + len(section.answer.split("\n"))
    return [*between, *answer.split("\n"), *source.lines[end:]]


def _get_section(source: Source, slug: str) -> Section:
    for section in source.sections:
        if section.slug == slug:
            return section
    raise KeyError(slug)


def _parts(entry: Entry | Section) -> _Parts:
    return entry.question.text, tuple(phrasing.text for phrasing in entry.phrasings), entry.answer


def _replaced(source: Source, section: Section, lines: Iterable[str], parts: _Parts) -> str:
    expected = [parts if other is section else _parts(other) for other in source.sections]
    return _proved(source, "\n".join(lines), expected, section.slug or "")


def _proved(source: Source, text: str, expected: Sequence[_Parts], slug: str) -> str:
    """The text, if reading it gives what was meant; raises FaqError otherwise."""
    path = Path(source.file)
    read = [_parts(section) for section in parse_source(text, path).sections]
    if read != expected or not all(answer for *_, answer in read):
        problem = f"the change of the entry `{slug}` does not read as it was meant"
        raise FaqError(
            [Finding(source.file, 1, problem, "Look for headings, open code fences or nothing at all in its answer.")]
        )
    return text
