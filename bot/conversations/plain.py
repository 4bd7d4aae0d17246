"""Markdown as text that reads well where nothing renders it."""

from collections.abc import Sequence
from textwrap import indent

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
BETWEEN = {"table": "\n", "thead": "\n", "tbody": "\n", "tr": " | "}
"""What stands between the parts of a table; else it is an empty line."""


def plain_text(markdown: str) -> str:
    """
    Without marks of emphasis; links are followed by their addresses.

    >>> plain_text("Sie belegen **3 GB**, siehe [Hilfe](https://hilfe.example).")
    'Sie belegen 3 GB, siehe Hilfe (https://hilfe.example).'
    """
    return _blocks(SyntaxTreeNode(_markdown.parse(markdown)).children)


def _blocks(nodes: Sequence[SyntaxTreeNode], between: str = "\n\n") -> str:
    return between.join(map(_block, nodes))


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "inline":
            text = _inline(node.children)
        case "bullet_list":
            text = "\n".join(f"- {_item(item)}" for item in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            text = "\n".join(f"{number}. {_item(item)}" for number, item in enumerate(node.children, first))
        case "blockquote":
            text = indent(_blocks(node.children), "> ", lambda _: True)
        case "hr":
            text = "---"
        case _:
            text = _blocks(node.children, BETWEEN.get(node.type, "\n\n")) if node.children else node.content
    return text.rstrip("\n")


def _item(node: SyntaxTreeNode) -> str:
    return indent(_blocks(node.children, "\n"), "  ").removeprefix("  ")


def _inline(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "".join(map(_span, nodes))


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "link":
            words, address = _inline(node.children), str(node.attrs.get("href", ""))
            # An address that begins with # is another entry, which a chat has no place for.
            is_said = address.startswith("#") or address.removeprefix("mailto:") == words
            return words if is_said else f"{words} ({address})"
    return _inline(node.children) if node.children else node.content
