"""The entries of a page: finds them in every form that FAQ pages have, and takes the best."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from rapidfuzz import fuzz

from bot.errors import PostboteError
from bot.faq.web.convert import to_markdown
from bot.faq.web.found import Found
from bot.faq.web.links import Links
from bot.faq.web.page import Page
from bot.faq.web.structured import find_json_ld, find_microdata
from bot.faq.web.tree import clean, parse, text_of
from bot.faq.web.visible import HEADINGS, find_details, find_headings, find_terms, find_unfolding
from bot.faq.words import fold


class NoFaqError(PostboteError):
    """The page holds no FAQ that can be told from the rest of it."""

    code = "faq-none"


@dataclass(frozen=True)
class Pair:
    """A question of the page and its answer."""

    question: str
    answer: str
    """Markdown. A link to another pair of the page is `#` and one of its `ids`."""
    ids: frozenset[str]


@dataclass(frozen=True)
class Extract:
    """What a page holds."""

    title: str
    """Its heading; empty if it has none."""
    url: str | None
    form: str
    """In which form the entries were found, for people."""
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...]
    """What could not be taken over, each a line for people."""


def extract(page: Page, address: str) -> Extract:
    """The entries of the page that came from `address`; raises NoFaqError with what was looked for."""
    try:
        return _extract(page, address)
    except RecursionError as error:
        remedy = "Save only its FAQ part as a file."
        raise NoFaqError(f"{address}: its elements stand too deep in one another to be read. {remedy}") from error


def _extract(page: Page, address: str) -> Extract:
    soup = parse(page.markup)
    title, url, base = _title(soup), *_addresses(soup, page)
    json_ld, broken = find_json_ld(soup)
    tree = clean(soup)
    readings = {
        "schema.org FAQPage as JSON-LD": json_ld,
        "schema.org FAQPage as microdata": find_microdata(tree),
        "<details> with <summary>": find_details(tree),
        "buttons that unfold (aria-controls)": find_unfolding(tree),
        "headings that ask": find_headings(tree),
        "<dl> with <dt> and <dd>": find_terms(tree),
    }
    complete = {form: _complete(found) for form, found in readings.items()}
    most = max(map(len, complete.values()))
    if not most:
        raise _nothing_found(tree, address, broken)
    # In this order, but pages like to declare only some of their questions, or to unfold a single one.
    good = {form: found for form, found in complete.items() if 2 * len(found) >= most}
    form = next(iter(good))
    found = _enriched(good[form], [entry for others in good.values() for entry in others])
    links = Links(base, frozenset(name for entry in found for name in entry.ids))
    pairs = [Pair(entry.question, to_markdown(entry.answer, links), entry.ids) for entry in found]
    if not any(pair.answer for pair in pairs):
        raise _nothing_found(tree, address, broken)
    notes = [f"{broken} JSON-LD block(s) of the page cannot be read"] if broken else []
    notes += _left_out(readings[form], found)
    notes += [f"“{pair.question}” has nothing in its answer that can be read" for pair in pairs if not pair.answer]
    notes += [
        f"the link {href} is left out, because the page does not say its own address" for href in sorted(links.lost)
    ]
    return Extract(title, url, form, tuple(pair for pair in pairs if pair.answer), tuple(notes))


def _left_out(all_found: Iterable[Found], taken: Iterable[Found]) -> Iterator[str]:
    answers = {fold(entry.question): fold(text_of(*entry.answer)) for entry in taken}
    for entry in all_found:
        words, answer = fold(entry.question), fold(text_of(*entry.answer))
        if words not in answers or not answer:
            yield f"“{entry.question}” has no answer on the page"
        elif answer != answers[words]:
            yield f"“{entry.question}” stands twice on the page with different answers: the first is taken"


def _complete(found: Iterable[Found]) -> list[Found]:
    """Those with words in question and answer, each question once: pages repeat them for phones."""
    unique: dict[str, Found] = {}
    for entry in found:
        words = fold(entry.question)
        if words and text_of(*entry.answer):
            unique.setdefault(words, entry)
    return list(unique.values())


def _enriched(found: list[Found], others: list[Found]) -> list[Found]:
    """
    With what other forms of the same page know of the same entries.

    Declared answers are often plain words where the visible ones have lists and
    links, and ids stand only in the visible page.
    """
    twins: dict[str, list[Found]] = {}
    for other in others:
        twins.setdefault(fold(other.question), []).append(other)
    enriched = []
    for entry in found:
        same = twins[fold(entry.question)]
        words = fold(text_of(*entry.answer))
        answers = [
            twin.answer for twin in same if twin is entry or fuzz.ratio(words, fold(text_of(*twin.answer))) >= 90
        ]
        richest = max(answers, key=_richness) if len(answers) > 1 else entry.answer
        enriched.append(Found(entry.question, richest, next((twin.ids for twin in same if twin.ids), entry.ids)))
    return enriched


def _richness(answer: Iterable[object]) -> int:
    markup = parse("".join(map(str, answer)))
    return len(markup.select("a[href], li, b, strong, td, dd"))


def _title(soup: BeautifulSoup) -> str:
    heading = soup.find("h1")
    return text_of(heading) if heading is not None else ""


def _addresses(soup: BeautifulSoup, page: Page) -> tuple[str | None, str | None]:
    """Where the page is published, which a saved one says by its canonical link, and what its links start from."""
    own = soup.select_one('link[rel~="canonical"][href], meta[property="og:url"][content]')
    url = page.url or (str(own.get("href") or own.get("content")) if own is not None else None)
    base = soup.select_one("base[href]")
    return url, urljoin(url or "", str(base["href"])) if base is not None else url


def _nothing_found(tree: BeautifulSoup, address: str, broken: int) -> NoFaqError:
    counts = (
        f"schema.org FAQPage as JSON-LD ({broken} unreadable) or microdata, "
        f"<details> ({len(tree.select('details'))} there), buttons that unfold, "
        f"headings ({len(tree.find_all(HEADINGS))} there), <dl> ({len(tree.select('dl'))} there)"
    )
    return NoFaqError(
        f"{address}: no FAQ found, that is, no question with an answer. Looked for: {counts}. "
        "If the page builds its FAQ by script, save it from the browser as a whole and import the file."
    )
