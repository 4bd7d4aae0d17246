"""
One FAQ file as an editor wrote it: which lines are heading, phrasings and answer.

Takes every text as it is, right or wrong; `bot.faq.structure` judges it,
`bot.faq.reader` makes entries of it, and `bot.faq.writer` changes it in place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from markdown_it.token import Token

from bot.faq.markdown import MARKDOWN, plain, unquoted
from bot.faq.model import Line

_SLUG = re.compile(r"\s*\{#(?P<slug>[^{}]*)\}$")
_MISSED = re.compile(r"^##[^#\s]|\{#[^{}]*\}$")
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """What stands between one `##` heading and the next. Lines are counted from 1."""

    heading: Line
    """The heading's text with everything in it."""
    question: Line
    slug: str | None
    """As written, so perhaps not a good one; None without `{#…}`."""
    phrasings: tuple[Line, ...]
    answer: str
    answer_line: int
    """First line of the answer; where it is missing, the line in which it would begin."""
    phrasings_end: int
    """Line behind which a further phrasing belongs."""
    end: int
    """Last line that belongs to it."""
    missed: tuple[Line, ...]
    """Lines of the answer that look like an entry's heading, but are none."""


@dataclass(frozen=True)
class Source:
    """One file."""

    file: str
    name: str
    """The file's stem."""
    lines: tuple[str, ...]
    titles: tuple[Line, ...]
    """Its `#` headings; a good file has one."""
    sections: tuple[Section, ...]


def read_source(path: Path) -> Source:
    """Read a file; raises OSError, or UnicodeDecodeError where it is not UTF-8."""
    return parse_source(path.read_text(encoding="utf-8-sig"), path)


def parse_source(text: str, path: Path) -> Source:
    """Find the parts of a text that stands, or will stand, in the file `path`."""
    lines = tuple(text.split("\n"))
    tokens = MARKDOWN.parse(text)
    # Headings within a list or a quotation (level > 0) belong to the answer.
    headings = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0]
    titles = tuple(
        Line(plain(tokens[at + 1].content), str(path), _first(tokens[at])) for at in headings if tokens[at].tag == "h1"
    )
    # A second title ends an entry, too, so that one slip does not bring a second complaint.
    borders = [at for at in headings if tokens[at].tag in {"h1", "h2"}]
    ends = [*borders, len(tokens)][1:]
    sections = tuple(
        _section(tokens[start:end], _start(tokens, end, len(lines)), lines, path)
        for start, end in zip(borders, ends, strict=True)
        if tokens[start].tag == "h2"
    )
    return Source(str(path), path.stem, lines, titles, sections)


def without_blank_end(lines: Iterable[str]) -> list[str]:
    """The lines up to the last one in which something stands."""
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _section(tokens: list[Token], end: int, lines: tuple[str, ...], path: Path) -> Section:
    """Make a section of its tokens (heading_open, inline, heading_close, then the body)."""
    heading, body = tokens[1], tokens[3:]
    slug = _SLUG.search(heading.content)
    phrasings, start = _phrasings(body, lines, path)
    phrasings_end = start or _first(heading)
    start = _behind_comments(body, phrasings_end)
    while start < end and not lines[start].strip():
        start += 1
    return Section(
        heading=Line(heading.content, str(path), _first(heading)),
        question=Line(plain(_SLUG.sub("", heading.content)), str(path), _first(heading)),
        slug=slug["slug"] if slug else None,
        phrasings=phrasings,
        answer="\n".join(without_blank_end(lines[start:end])),
        answer_line=min(start + 1, len(lines)),
        phrasings_end=phrasings_end,
        end=end,
        missed=tuple(
            line
            for token in body
            for line in _lines(token, path)
            if line.number > phrasings_end and _MISSED.search(line.text)
        ),
    )


def _phrasings(body: list[Token], lines: tuple[str, ...], path: Path) -> tuple[tuple[Line, ...], int]:
    """The phrasings at the beginning of the body and the last line of their list; 0 without such a list."""
    if not body or body[0].type != "bullet_list_open" or body[0].map is None:
        return (), 0
    close = next(at for at, token in enumerate(body) if token.type == "bullet_list_close" and token.level == 0)
    phrasings, end = [], body[0].map[1]
    for written in filter(None, (_lines(token, path) for token in body[:close])):
        # Markdown takes an unindented line for a part of the item above it; editors mean the answer by it.
        own = [written[0], *takewhile(lambda line: lines[line.number - 1][:1].isspace(), written[1:])]
        text = unquoted(plain("\n".join(line.text for line in own)))
        if text:
            phrasings.append(Line(text, str(path), own[0].number))
        if len(own) < len(written):
            end = own[-1].number
            break
    while not lines[end - 1].strip():
        end -= 1
    return tuple(phrasings), end


def _behind_comments(body: list[Token], start: int) -> int:
    """
    Skip comments that stand at line `start` or directly below, counted from 0.

    They are notes among editors, and they part phrasings from an answer that is a list itself.
    """
    for token in body:
        if token.map is None or token.level > 0 or token.map[0] < start:
            continue
        if token.type != "html_block" or not _COMMENT.fullmatch(token.content):
            break
        start = token.map[1]
    return start


def _lines(token: Token, path: Path) -> list[Line]:
    """The lines of a token that has text of its own."""
    texts = token.content.split("\n") if token.type in {"inline", "code_block"} else []
    return [Line(text, str(path), _first(token) + offset) for offset, text in enumerate(texts)]


def _first(token: Token) -> int:
    """The token's first line; each token that has content has one."""
    assert token.map is not None
    return token.map[0] + 1


def _start(tokens: list[Token], at: int, otherwise: int) -> int:
    """The line, counted from 0, in which the token begins; `otherwise` behind the last one."""
    return _first(tokens[at]) - 1 if at < len(tokens) else otherwise
