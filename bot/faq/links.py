"""The links of an answer, each with its line."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SCHEMES = {"http", "https", "mailto", "tel"}
_WHOLE = re.compile(r"https?://[^/?#\s]|(mailto|tel):.", re.IGNORECASE)
_SCRIPTS = {"javascript", "vbscript", "data"}


class _Unguarded(MarkdownIt):
    """Takes `javascript:` for a link, too; rendering leaves such a link out without a word, but an editor must know."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 -- the library's own name and signature
        return True


_MARKDOWN = _Unguarded("commonmark").disable("lheading")


def find_links(answer: str) -> Iterator[tuple[int, str]]:
    """Offset of the line (0 is the answer's first) and address of each link and picture."""
    for token in _MARKDOWN.parse(answer):
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            yield from ((line, address) for address in _addresses(child))
            line += child.type in {"softbreak", "hardbreak"}


def complaint(address: str, slugs: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with a link's address, and what to do; None if it is good."""
    if address.startswith("#"):
        return _anchor_complaint(address[1:], slugs)
    scheme = address.partition(":")[0].strip().lower() if ":" in address else ""
    if scheme in _SCRIPTS:
        return f"the link `{address}` is a script", "Nothing in an answer runs: link a page, or leave it out."
    if scheme in _SCHEMES and not _WHOLE.match(address):
        return f"the link `{address}` leads nowhere", "Write its whole address, such as `https://www.example.de`."
    if scheme in _SCHEMES:
        return None
    return f"the link `{address}` is not a whole address", f"Write it so: `https://{_host_and_path(address)}`."


def _anchor_complaint(slug: str, slugs: frozenset[str]) -> tuple[str, str] | None:
    if slug in slugs:
        return None
    return f"the link `#{slug}` leads to no entry", "Write the slug of an entry that is there; `faq show` lists them."


def _host_and_path(address: str) -> str:
    if address.startswith("/") and not address.startswith("//"):
        return f"www.example.de{address}"
    return address.rpartition("://")[2].lstrip("/")


def _addresses(token: Token) -> Iterator[str]:
    for name in ("href", "src"):
        address = token.attrGet(name)
        if address is not None:
            yield str(address)
