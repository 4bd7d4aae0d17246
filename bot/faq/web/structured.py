"""Entries that a page declares for machines, https://schema.org/FAQPage, as JSON-LD or as microdata."""

import html
import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement
from extruct.jsonld import JsonLdExtractor

from bot import strict_json
from bot.faq.web.found import Found
from bot.faq.web.judge import tidy_question
from bot.faq.web.tree import clean, parse, text_of

_MARKUP = re.compile(r"</?(p|br|ul|ol|li|a|b|strong|em|i|div|span|h[1-6]|table)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?P<sign>[-*•·–]|\d{1,2}[.)])\s+")


def find_json_ld(soup: BeautifulSoup) -> tuple[list[Found], int]:
    """The entries of all FAQPage blocks of a page not yet cleaned, and the number of blocks that cannot be read."""
    found, broken = [], 0
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            # One by one, so that a broken block does not take the others with it.
            # What no file could hold, such as half of a sign, is broken, too.
            blocks = strict_json.decode(json.dumps(JsonLdExtractor().extract(str(script))))
        except (ValueError, RecursionError):
            broken += 1
            continue
        found += [entry for page in _pages(blocks) for question in _questions(page) for entry in _entry(question)]
    return found, broken


def find_microdata(tree: Tag) -> list[Found]:
    """
    The entries in the page's own markup.

    Read here and not by extruct, which gives an answer's words without its lists and links.
    """
    found = []
    for question in tree.select('[itemtype*="schema.org/FAQPage"] [itemtype*="schema.org/Question"]'):
        name = question.select_one("[itemprop~=name]")
        answers = question.select("[itemprop~=acceptedAnswer]")
        texts = [text for answer in answers for text in answer.select("[itemprop~=text]") or [answer]]
        if name is not None and texts:
            ids = frozenset(str(tag["id"]) for tag in [question, *question.select("[id]")] if tag.get("id"))
            nodes = tuple(node for text in texts for node in _content(text))
            found.append(Found(tidy_question(str(name.get("content") or text_of(name))), nodes, ids))
    return found


def _content(tag: Tag) -> list[PageElement]:
    """What a property says: `<meta content>`, or the element itself."""
    return _html_nodes(str(tag["content"])) if tag.get("content") else [tag]


def _pages(data: Any) -> Iterator[dict[str, Any]]:
    """Each FAQPage, however deep it stands (@graph, mainEntity of a WebPage, hasPart …)."""
    if isinstance(data, list):
        for part in data:
            yield from _pages(part)
    elif isinstance(data, dict):
        if "FAQPage" in _types(data):
            yield data
        else:
            yield from _pages(list(data.values()))


def _questions(page: Any) -> Iterator[dict[str, Any]]:
    """Questions of a FAQPage, also those in sections of it."""
    if isinstance(page, list):
        for part in page:
            yield from _questions(part)
    elif isinstance(page, dict):
        if "Question" in _types(page):
            yield page
        else:
            yield from _questions([page.get(name) for name in ("mainEntity", "hasPart", "itemListElement", "item")])


def _types(data: dict[str, Any]) -> set[str]:
    types = data.get("@type", ())
    return {str(name).rpartition("/")[2] for name in ([types] if isinstance(types, str) else types)}


def _entry(question: dict[str, Any]) -> Iterator[Found]:
    name = question.get("name") or question.get("text")
    answers = question.get("acceptedAnswer") or question.get("suggestedAnswer") or []
    texts = [_answer_text(answer) for answer in (answers if isinstance(answers, list) else [answers])]
    if isinstance(name, str) and any(texts):
        nodes = tuple(node for text in texts for node in _html_nodes(text))
        yield Found(tidy_question(text_of(*_html_nodes(name))), nodes)


def _answer_text(answer: Any) -> str:
    text = answer.get("text") if isinstance(answer, dict) else answer
    return text if isinstance(text, str) else ""


def _html_nodes(text: str) -> list[PageElement]:
    """The nodes of a text that should be HTML, but may be plain, or escaped twice."""
    if not _MARKUP.search(text) and _MARKUP.search(html.unescape(text)):
        text = html.unescape(text)
    body = clean(parse(text if _MARKUP.search(text) else _plain_to_html(text))).body
    return list(body.children) if body is not None else []


def _plain_to_html(text: str) -> str:
    """Plain text with its paragraphs, line breaks and lists. Entities in it stay, so that they are read."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for kind, group in groupby(paragraph.split("\n"), _list_kind):
            lines = [line.replace("<", "&lt;") for line in group]
            items = "".join(f"<li>{_ITEM.sub('', line)}</li>" for line in lines)
            parts.append(f"<{kind}>{items}</{kind}>" if kind else f"<p>{'<br>'.join(lines)}</p>")
    return "".join(parts)


def _list_kind(line: str) -> str:
    item = _ITEM.match(line)
    return "" if item is None else "ol" if item["sign"][0].isdigit() else "ul"
