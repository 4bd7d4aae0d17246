"""Entries as a reader sees them on the page: what unfolds, headings with text below, lists of terms."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from bs4 import Tag
from bs4.element import PageElement

from bot.faq.web.found import Found
from bot.faq.web.judge import begins_like_question, is_asked_by_page, is_question, tidy_question
from bot.faq.web.tree import text_of

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BORDERS = {"section", "article", "aside", "form", "hr", "main"}
_TEXT = {"p", "ul", "ol", "table", "blockquote", "pre", "dl"}


def find_details(tree: Tag) -> list[Found]:
    """`<details><summary>Question</summary>Answer</details>`; one with further questions in it is a group of them."""
    summaries = tree.select("details > summary:first-of-type")
    accepted = _accepted(summaries, lenient=True)
    inside = _count_inside(accepted)
    leaves = [summary for summary in accepted if inside[id(summary.parent)] == 1]
    return _found(leaves, {id(summary): list(summary.next_siblings) for summary in leaves})


def find_unfolding(tree: Tag) -> list[Found]:
    """What unfolds another element, https://www.w3.org/WAI/ARIA/apg/patterns/disclosure/."""
    panels: dict[int, list[PageElement]] = {}
    buttons = []
    for button in tree.select("[aria-controls]"):
        panel = tree.find(id=str(button["aria-controls"]))
        if isinstance(panel, Tag) and panel not in button.parents:
            buttons.append(button)
            panels[id(button)] = [panel]
    return _found(_accepted(buttons, lenient=True), panels)


def find_headings(tree: Tag) -> list[Found]:
    """A heading that asks, and what stands below it up to the next heading."""
    headings = _accepted(tree.find_all(HEADINGS), lenient=False)
    return _found(headings, _texts_below(headings))


def find_terms(tree: Tag) -> list[Found]:
    """`<dl>`: the terms are the questions, their descriptions the answers."""
    terms = _accepted(tree.select("dl dt"), lenient=True)
    return _found(terms, {id(term): list(_descriptions(term)) for term in terms})


def _accepted(tags: Sequence[Tag], *, lenient: bool) -> list[Tag]:
    """
    Those that ask, and their like among tags of the same kind that mostly ask.

    What unfolds or stands in a list of terms was put there as an entry (lenient);
    a heading may be anything.
    """
    texts = {id(tag): text_of(tag) for tag in tags}
    kinds = defaultdict(list)
    for tag in tags:
        kinds[_kind(tag)].append(is_question(texts[id(tag)]))

    def fits(tag: Tag) -> bool:
        text, asks = texts[id(tag)], kinds[_kind(tag)]
        if is_question(text):
            return True
        mostly = sum(asks) >= 3 and sum(asks) * 3 >= len(asks) * 2
        fair = 0 < len(text) <= 300 and not is_asked_by_page(text)
        return mostly and fair and (lenient or begins_like_question(text))

    return [tag for tag in tags if fits(tag)]


def _kind(tag: Tag) -> Hashable:
    """Tags that look the same on the page."""
    places = [tag, tag.parent] if tag.parent is not None else [tag]
    return tuple((place.name, *place.get_attribute_list("class")) for place in places)


def _found(questions: Sequence[Tag], answers: dict[int, list[PageElement]]) -> list[Found]:
    inside = _count_inside(questions)
    found = []
    for question in questions:
        # What holds this question alone is wrapped around the entry; a page of one entry wraps much else.
        own = [parent for parent in question.parents if inside[id(parent)] == 1 < len(questions)]
        parts = [question, *own[-1:], *answers[id(question)]]
        ids = frozenset(name for part in parts if isinstance(part, Tag) for name in _ids(part))
        found.append(Found(tidy_question(text_of(question)), tuple(answers[id(question)]), ids))
    return found


def _ids(tag: Tag) -> Iterator[str]:
    yield from (str(part["id"]) for part in [tag, *tag.select("[id]")] if part.get("id"))


def _count_inside(questions: Iterable[Tag]) -> Counter[int]:
    """How many of the questions each element holds, by its identity: equal tags are the same to the parser."""
    return Counter(id(parent) for question in questions for parent in question.parents)


def _texts_below(headings: Sequence[Tag]) -> dict[int, list[PageElement]]:
    inside = _count_inside(headings)
    accepted = set(map(id, headings))
    heads = {id(heading): _head(heading, inside) for heading in headings}
    texts = {id(heading): list(_until_border(heads[id(heading)], heading, accepted)) for heading in headings}
    siblings = defaultdict(list)
    for heading in headings:
        siblings[id(heads[id(heading)].parent)].append(id(heading))
    for group in siblings.values():
        *others, last = group
        usual = {_look(node) for other in others for node in texts[other]}
        if others:
            texts[last] = _without_page_end(texts[last], usual)
    return texts


def _head(heading: Tag, inside: Counter[int]) -> Tag:
    """The heading, or what is wrapped around it alone: the answer begins behind it."""
    head = heading
    while not any(_reads(node) for node in head.next_siblings):
        parent = head.parent
        if parent is None or inside[id(parent)] > 1 or parent.name in {"body", "main"}:
            break
        head = parent
    return head


def _until_border(head: Tag, heading: Tag, accepted: set[int]) -> Iterator[PageElement]:
    begun = False
    for node in head.next_siblings:
        if isinstance(node, Tag):
            parts = [node, *node.find_all(["h1", *HEADINGS])]
            if any(id(part) in accepted or _is_as_high(part, heading) for part in parts):
                return
            text = text_of(node)
            if (begun and node.name in _BORDERS) or (len(text) <= 200 and is_asked_by_page(text)):
                return
        begun = begun or _reads(node)
        yield node


def _is_as_high(tag: Tag, heading: Tag) -> bool:
    return tag.name in {"h1", *HEADINGS} and tag.name <= heading.name


def _without_page_end(nodes: list[PageElement], usual: set[Hashable]) -> list[PageElement]:
    """The last answer of a flat page, without what ends the page: it looks like nothing in the other answers."""
    kept = []
    for node in nodes:
        plain = isinstance(node, Tag) and node.name in _TEXT and not node.get("class")
        if isinstance(node, Tag) and not plain and _look(node) not in usual:
            break
        kept.append(node)
    return kept


def _look(node: PageElement) -> Hashable:
    return (node.name, *node.get_attribute_list("class")) if isinstance(node, Tag) else None


def _descriptions(term: Tag) -> Iterator[Tag]:
    """The `<dd>`s of a `<dt>`; terms in a row share them."""
    begun = False
    for sibling in term.find_next_siblings(["dt", "dd"]):
        if sibling.name == "dd":
            begun = True
            yield sibling
        elif begun:
            return


def _reads(node: PageElement) -> bool:
    return any(map(str.isalnum, text_of(node)))
