"""HTML as the Markdown of FAQ files."""

import copy
import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from markdownify import MarkdownConverter

from bot.faq.markdown import MARKDOWN
from bot.faq.web.links import Links
from bot.faq.web.prepare import prepare
from bot.faq.web.tree import INLINE, text_of

_SPECIAL = re.compile(r"([\\`*\[\]]|<(?=[a-z/!?])|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))", re.IGNORECASE)
_BLOCK_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|~~~|=+\s*$|-+\s*$)")
_NUMBER_START = re.compile(r"^(\s*\d{1,9})([.)](?=\s|$))")
_LINE_START = re.compile(r"[\s>]*(([-*+]|\d+[.)])\s+)*")
_BOLD = ["b", "strong", "em", "i"]
_CODE = ["code", "kbd", "samp"]


class _Converter(MarkdownConverter):
    """The library's rules, with no more backslashes than are needed: editors read this."""

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- the library's signature
        return _SPECIAL.sub(r"\\\1", text)

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        text: str = super().process_text(el, parent_tags=parent_tags)  # type: ignore[misc]  # -- its stub leaves it out
        if "_noformat" in (parent_tags or ()) or not _begins_line(el):
            return text
        return _NUMBER_START.sub(r"\1\\\2", _BLOCK_START.sub(r"\1\\\2", text))

    def convert_q(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 -- the library's signature
        return f"„{text}“"


def to_markdown(nodes: Iterable[PageElement], links: Links) -> str:
    """The nodes as Markdown; empty if there is nothing to read in them."""
    answer = BeautifulSoup("", "lxml").new_tag("div")
    answer.extend(copy.copy(node) for node in nodes)
    prepare(answer, links)
    if not text_of(answer):
        return ""
    # Nested or touching bold text may come out as asterisks; better plain words than those.
    for without in ([], _BOLD):
        markdown = _convert(answer, without)
        if _says_the_same(markdown, answer):
            return markdown
    return _convert(answer, [*_BOLD, *_CODE])


def _convert(answer: Tag, without: list[str]) -> str:
    answer = copy.copy(answer)
    for tag in answer.find_all(without) if without else ():
        tag.unwrap()
    answer.smooth()
    for tag in answer.find_all("a"):
        # `![…](…)` would be a picture.
        if tag.previous_sibling is not None and tag.previous_sibling.get_text().endswith("!"):
            tag.insert_before(" ")
    markdown: str = _Converter(heading_style="ATX", bullets="-", wrap=True, wrap_width=None).convert_soup(answer)
    lines, fenced = [], False
    for line in markdown.strip().split("\n"):
        fenced ^= line.lstrip().startswith("```")
        lines.append(line if fenced else _without_gaps(line))
    # Two line breaks make a paragraph, and one before a paragraph's end says nothing.
    return re.sub(r" *\n\n+", "\n\n", "\n".join(lines)).rstrip()


def _without_gaps(line: str) -> str:
    """One space where the page has several; but not where they make the depth of a list."""
    start = _LINE_START.match(line)
    depth = start.end() if start else 0
    return (line[:depth] + re.sub(r"(?<=\S) {2,}(?=\S)", " ", line[depth:])) if line.strip() else ""


def _says_the_same(markdown: str, answer: Tag) -> bool:
    rendered = BeautifulSoup(MARKDOWN.render(markdown), "lxml").get_text()
    return "".join(rendered.split()) == "".join(answer.get_text().split())


def _begins_line(node: PageElement) -> bool:
    before = node.previous_sibling
    while isinstance(before, NavigableString) and not before.strip():
        before = before.previous_sibling
    if before is None:
        return node.parent is None or node.parent.name not in INLINE or _begins_line(node.parent)
    return isinstance(before, Tag) and before.name not in INLINE
