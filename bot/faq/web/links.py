"""Where the links of a page lead when they stand in an answer."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from urllib.parse import quote, urldefrag, urljoin

from bot.faq.links import complaint


@dataclass
class Links:
    """Resolves the links of one page."""

    base: str | None
    """Address against which relative links are meant; None if the page does not say it."""
    entry_ids: AbstractSet[str] = frozenset()
    """Ids of the elements that are entries: a link to one of them becomes a link to the entry."""
    lost: set[str] = field(default_factory=set)
    """Relative links that lead nowhere for want of a base."""

    def resolve(self, href: str) -> str | None:
        """The whole address, or `#id` of an entry; None where nothing can be linked (scripts, buttons' `#`)."""
        href = href.strip()
        here, anchor = urldefrag(urljoin(self.base or "", href))
        if anchor in self.entry_ids and here in {"", urldefrag(self.base or "")[0]}:
            return f"#{anchor}"
        if href in {"", "#", "#top"}:
            return None
        # Quoted, because spaces and brackets would end a Markdown link.
        address = quote(urljoin(self.base or "", href), safe="%/:=&?~#+!$,;'@*[]")
        if complaint(address, frozenset()) is None:
            return address
        if ":" not in href:
            self.lost.add(href)
        return None
