"""Markdown as text, with the marks that whatever shows it understands; without any as `plain_text`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
BETWEEN = {"table": "\n", "thead": "\n", "tbody": "\n", "tr": " | "}
"""What stands between the parts of a table; else it is an empty line."""
LIVE = ("https://", "http://")


def _as_it_is(text: str) -> str:
    return text


def _beside(words: str, address: str) -> str:
    return f"{words} ({address})"


@dataclass(frozen=True)
class Style:
    """How the marks are written; each takes text that is escaped already."""

    escape: Callable[[str], str] = _as_it_is
    strong: Callable[[str], str] = _as_it_is
    emphasis: Callable[[str], str] = _as_it_is
    code: Callable[[str], str] = _as_it_is
    """Within a line."""
    block: Callable[[str], str] = _as_it_is
    """Code of several lines."""
    link: Callable[[str, str], str] = _beside
    """Its words, and its address as it is."""


PLAIN = Style()


@dataclass(frozen=True)
class Piece:
    """A paragraph, an item of a list, or the like."""

    text: str
    plain: str
    """The same without marks, and not escaped."""
    before: str = "\n\n"
    """What stands between it and the one before."""


def plain_text(markdown: str) -> str:
    """
    Without marks of emphasis; links are followed by their addresses.

    >>> plain_text("Sie belegen **3 GB**, siehe [Hilfe](https://hilfe.example).")
    'Sie belegen 3 GB, siehe Hilfe (https://hilfe.example).'
    """
    return _Writer(PLAIN).blocks(_parse(markdown))


def pieces(markdown: str, style: Style) -> list[Piece]:
    """What a text may be cut between, in order."""
    marked, plain = _Writer(style), _Writer(PLAIN)
    return [
        Piece(text, bare, "\n" if number else "\n\n")
        for node in _parse(markdown)
        for number, (text, bare) in enumerate(zip(marked.pieces(node), plain.pieces(node), strict=True))
        if bare.strip()
    ]


def _parse(markdown: str) -> Sequence[SyntaxTreeNode]:
    return SyntaxTreeNode(_markdown.parse(markdown)).children


class _Writer:
    def __init__(self, style: Style) -> None:
        self._style = style

    def blocks(self, nodes: Sequence[SyntaxTreeNode], between: str = "\n\n") -> str:
        return between.join(map(self._block, nodes))

    def pieces(self, node: SyntaxTreeNode) -> Iterator[str]:
        if node.type.endswith("_list"):
            yield from self._items(node)
        else:
            yield self._block(node)

    def _block(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "inline":
                text = self._inline(node.children)
            case "bullet_list" | "ordered_list":
                text = "\n".join(self._items(node))
            case "blockquote":
                text = indent(self.blocks(node.children), self._style.escape("> "), lambda _: True)
            case "heading":
                text = self._style.strong(self.blocks(node.children))
            case "fence" | "code_block":
                text = self._style.block(self._style.escape(node.content.rstrip("\n")))
            case "hr":
                text = "---"
            case _:
                text = self.blocks(node.children, BETWEEN.get(node.type, "\n\n")) if node.children else node.content
        return text.rstrip("\n")

    def _items(self, node: SyntaxTreeNode) -> Iterator[str]:
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for number, item in enumerate(node.children):
            text = indent(self.blocks(item.children, "\n"), "  ").removeprefix("  ")
            yield f"- {text}" if first is None else f"{first + number}. {text}"

    def _inline(self, nodes: Sequence[SyntaxTreeNode]) -> str:
        return "".join(map(self._span, nodes))

    def _span(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "softbreak" | "hardbreak":
                return "\n"
            case "strong":
                return self._style.strong(self._inline(node.children))
            case "em":
                return self._style.emphasis(self._inline(node.children))
            case "code_inline":
                return self._style.code(self._style.escape(node.content))
            case "link":
                return self._link(self._inline(node.children), str(node.attrs.get("href", "")))
        return self._inline(node.children) if node.children else self._style.escape(node.content)

    def _link(self, words: str, address: str) -> str:
        # An address that begins with # is another entry, which a chat has no place for.
        if address.startswith("#") or self._style.escape(address.removeprefix("mailto:")) == words:
            return words
        if address.startswith(LIVE):
            return self._style.link(words, address)
        return _beside(words, self._style.escape(address))
