"""An answer's HTML made simple: nothing left but what the Markdown of a message can say."""

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from bot.faq.web.judge import is_feedback
from bot.faq.web.links import Links
from bot.faq.web.tree import text_of

_BLOCKS = (
    "address, article, aside, center, dd, details, fieldset, figcaption, figure, footer, header, main, section, "
    "summary, td, th"
)
_PLAIN = "abbr, bdi, big, del, font, ins, label, mark, s, small, span, strike, time, u"
_BOLD = ["b", "strong", "em", "i"]
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INDICES = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def prepare(answer: Tag, links: Links) -> None:
    """Change the answer in place."""
    _leave_out(answer)
    for tag in answer.select("a a"):
        tag.unwrap()
    for tag in answer.select("a br"):
        tag.replace_with(" ")
    for tag in answer.select("a"):
        if not tag.decomposed:
            _link(tag, links)
    for tag in answer.select("sup, sub"):
        tag.replace_with(tag.get_text().translate(_POWERS if tag.name == "sup" else _INDICES))
    for tag in answer.select(_PLAIN):
        tag.unwrap()
    _simplify_blocks(answer)
    answer.smooth()
    for tag in answer.find_all(_BOLD):
        _part_from_neighbours(tag)


def _leave_out(answer: Tag) -> None:
    for tag in answer.select("img, picture, map, hr, button, form, [role=button]"):
        tag.decompose()
    for tag in answer.find_all(["p", "div", "span", "h3", "h4", "h5", "h6"]):
        if not tag.decomposed and is_feedback(text_of(tag)):
            tag.decompose()


def _simplify_blocks(answer: Tag) -> None:
    for tag in reversed(answer.select("table")):
        _table_to_list(tag)
    for tag in answer.select("dl"):
        _definitions_to_list(tag)
    for tag in answer.select("h1, h2, h3, h4, h5, h6"):
        # Deeper than the entry's own heading; in a list a heading is but a bold line.
        tag.name = "h3" if tag.find_parent("li") is None else "b"
    for tag in answer.select(f"{_BLOCKS}, :not(ul, ol) > li"):
        tag.name = "div"


def _link(tag: Tag, links: Links) -> None:
    href = str(tag.get("href", ""))
    address = links.resolve(href)
    if not text_of(tag) or (href.startswith("#") and text_of(tag) in {"¶", "#", "🔗"}):
        tag.decompose()
    elif address is None:
        tag.unwrap()
    else:
        tag.attrs = {"href": address}


def _table_to_list(table: Tag) -> None:
    """A row becomes an item; no messenger shows tables."""
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    rows = [cells for cells in rows if any(map(text_of, cells))]
    if max(map(len, rows), default=0) < 2:
        for tag in table.find_all(["tr", "th", "td", "thead", "tbody", "tfoot", "caption"]):
            tag.name = "div"
        table.name = "div"
        return
    headings = [text_of(cell) for cell in rows.pop(0)] if all(cell.name == "th" for cell in rows[0]) else []
    items = _new("ul")
    for first, *others in rows:
        named = zip((headings[1:] + [""] * len(others)), others, strict=False)
        items.append(_item(first, [(f"{name}: " if name else "", cell) for name, cell in named if text_of(cell)]))
    caption = table.find("caption")
    if isinstance(caption, Tag) and text_of(caption):
        caption.name = "p"
        table.insert_before(caption.extract())
    table.replace_with(items)


def _definitions_to_list(terms: Tag) -> None:
    items = _new("ul")
    for term in terms.find_all("dt"):
        meanings = []
        for sibling in term.find_next_siblings(["dt", "dd"]):
            if sibling.name == "dt":
                break
            meanings.append(("", sibling))
        items.append(_item(term, meanings))
    terms.replace_with(items)


def _item(first: Tag, others: list[tuple[str, Tag]]) -> Tag:
    """`**first** – name: other; name: other`."""
    item = _new("li")
    term = _new("b")
    term.append(text_of(first))
    item.append(term)
    for at, (name, cell) in enumerate(others):
        item.append((" – " if at == 0 else "; ") + name)
        cell.name = "span"
        item.append(cell.extract())
        cell.unwrap()
    return item


def _part_from_neighbours(tag: Tag) -> None:
    """
    Put a space between `<b>So:</b>now`.

    `**So:**now` is not bold, see https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run.
    """
    text = tag.get_text()
    before, behind = tag.previous_sibling, tag.next_sibling
    if text and not text[-1].isalnum() and behind is not None and behind.get_text()[:1].isalnum():
        tag.insert_after(NavigableString(" "))
    if text and not text[0].isalnum() and before is not None and before.get_text()[-1:].isalnum():
        tag.insert_before(NavigableString(" "))


def _new(name: str) -> Tag:
    return BeautifulSoup("", "lxml").new_tag(name)
