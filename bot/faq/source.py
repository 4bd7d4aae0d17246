"""
One FAQ file as an editor wrote it: which lines are heading, phrasings and answer.

Takes every text as it is, right or wrong; `bot.faq.structure` judges it,
`bot.faq.reader` makes entries of it, and `bot.faq.writer` changes it in place.
"""

import re
from dataclasses import dataclass
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
    """Lines in it that look like an entry's heading, but are none."""


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
    ends = [*borders[1:], len(tokens)]
    sections = tuple(
        _section(tokens[start:end], _start(tokens, end, len(lines)), lines, path)
        for start, end in zip(borders, ends, strict=True)
        if tokens[start].tag == "h2"
    )
    return Source(str(path), path.stem, lines, titles, sections)


def _section(tokens: list[Token], end: int, lines: tuple[str, ...], path: Path) -> Section:
    """Make a section of its tokens (heading_open, inline, heading_close, then the body)."""
    heading, body = tokens[1], tokens[3:]
    slug = _SLUG.search(heading.content)
    phrasings: list[Token] = []
    if body and body[0].type == "bullet_list_open":
        close = next(at for at, token in enumerate(body) if token.type == "bullet_list_close" and token.level == 0)
        phrasings, body = [token for token in body[:close] if token.content], body[close + 1 :]
    # A comment is a note among editors. It also parts the phrasings from an answer that is a list itself.
    while body and body[0].type == "html_block" and _COMMENT.fullmatch(body[0].content):
        body = body[1:]
    start = _start(body, 0, end)
    return Section(
        heading=Line(heading.content, str(path), _first(heading)),
        question=Line(plain(_SLUG.sub("", heading.content)), str(path), _first(heading)),
        slug=slug["slug"] if slug else None,
        phrasings=tuple(
            Line(unquoted(plain(token.content)), str(path), _first(token))
            for token in phrasings
            if token.content.strip()
        ),
        answer=_without_blank_ends(lines[start:end]),
        answer_line=min(start + 1, len(lines)),
        phrasings_end=phrasings[-1].map[1] if phrasings and phrasings[-1].map else _first(heading),
        end=end,
        missed=tuple(
            Line(text, str(path), _first(token) + offset)
            for token in tokens[3:]
            if token.type == "inline"
            for offset, text in enumerate(token.content.split("\n"))
            if _MISSED.search(text)
        ),
    )


def _first(token: Token) -> int:
    """The token's first line; each token that has content has one."""
    assert token.map is not None
    return token.map[0] + 1


def _start(tokens: list[Token], at: int, otherwise: int) -> int:
    """The line, counted from 0, in which the token begins; `otherwise` behind the last one."""
    return _first(tokens[at]) - 1 if at < len(tokens) else otherwise


def _without_blank_ends(lines: tuple[str, ...]) -> str:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept)
