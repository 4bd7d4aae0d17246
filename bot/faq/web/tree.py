"""A page as a tree, without what is on every page: menus, cookie banners, footers, search, feedback."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from bot.faq.web.judge import is_question

_NEVER = (
    "script, style, noscript, template, svg, iframe, object, embed, canvas, video, audio, dialog, nav, footer, "
    "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog], "
    "[role=alertdialog], [role=menu], [role=menubar], [role=toolbar], .sr-only, .visually-hidden, .screen-reader-text"
)
_NOISE_TEXT = """
breadcrumb breadcrumbs consent cookie cookies cookiebanner editsection feedback footer gdpr helpful megamenu modal
navbar navigation newsletter pagination popup rating search share sharing sidebar skip skiplink social toc vote
"""
_NOISE = frozenset(_NOISE_TEXT.split())
_ICONS = frozenset({"icon", "icons", "symbols", "chevron", "arrow", "caret", "headerlink", "permalink"})
_INLINE_TEXT = "a abbr b bdi big button cite code em font i kbd label mark q s small span strong sub sup u var"
INLINE = frozenset(_INLINE_TEXT.split())
_QUESTION_PLACES = ["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"]
_ANSWER_PLACES = ["details", "dd", "article", "section", "li"]
_SIGNS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u00ad": None, "\u200b": None, "\ufeff": None})


def parse(markup: str) -> BeautifulSoup:
    """The tree of a whole page, or of a piece of HTML."""
    return BeautifulSoup(markup, "lxml")


def clean(soup: BeautifulSoup) -> BeautifulSoup:
    """The same tree with only the page's own content. What is hidden stays, because folded answers are."""
    for string in soup.find_all(string=True):
        if isinstance(string, PreformattedString):
            string.extract()
        elif string.translate(_SIGNS) != string:
            string.replace_with(NavigableString(string.translate(_SIGNS)))
    for tag in soup.select(_NEVER):
        tag.decompose()
    questions = _count_questions(soup)
    for tag in soup.find_all(True):
        if not tag.decomposed and _is_noise(tag, questions):
            tag.decompose()
    return soup


def text_of(*nodes: PageElement) -> str:
    """What one reads in the nodes, in one line."""
    return " ".join("".join(text for node in nodes for text in _texts(node)).split())


def _texts(node: PageElement) -> Iterator[str]:
    if isinstance(node, NavigableString):
        yield str(node)
    elif isinstance(node, Tag):
        gap = "" if node.name in INLINE else " "
        yield gap
        for child in node.children:
            yield from _texts(child)
        yield gap


def _count_questions(tag: Tag) -> int:
    return sum(is_question(text_of(place)) for place in tag.find_all(_QUESTION_PLACES))


def _is_noise(tag: Tag, questions: int) -> bool:
    if tag.name in {"html", "body", "main", "article", *_QUESTION_PLACES}:
        return False
    if tag.name in {"input", "select", "textarea"}:
        return True
    if tag.name == "button":
        return not tag.find_parent(_QUESTION_PLACES) and not tag.get("aria-controls")
    if tag.name == "form":
        return _count_questions(tag) == 0
    if tag.name in {"header", "aside"}:
        return not tag.find_parent(_ANSWER_PLACES)
    return _is_icon(tag) or _is_named_as_noise(tag, questions)


def _is_icon(tag: Tag) -> bool:
    """An icon's name or sign is no word of the question."""
    marked = tag.get("aria-hidden") == "true" or _words(tag) & _ICONS
    return bool(marked) and tag.name in INLINE and len(text_of(tag)) <= 25


def _is_named_as_noise(tag: Tag, questions: int) -> bool:
    if not _words(tag) & _NOISE:
        return False
    inside = _count_questions(tag)
    # A banner may ask, but whoever puts many questions or half of them into a "search" box means the FAQ.
    return inside == 0 or (inside <= 2 and 2 * inside < questions and tag.find(["button", "input"]) is not None)


def _words(tag: Tag) -> set[str]:
    names = list(tag.get_attribute_list("class"))
    # Further down an id is about the content: an answer on newsletters may well be called so.
    if tag.parent is not None and tag.parent.name == "body":
        names += tag.get_attribute_list("id")
    return {word.lower() for name in names if name for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", str(name))}
