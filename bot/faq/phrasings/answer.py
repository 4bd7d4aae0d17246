"""
From a language model's answer to drafted phrasings.

A JSON array is asked for. What comes may stand in a code fence or between sentences, may be
objects for strings, an object around the array, or no JSON but a list.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.faq.markdown import unquoted
from bot.faq.phrasings.errors import NoDraftsError

MOST = 100
"""Drafts of one answer; a model that does not stop has no end of them."""
LONGEST = 100_000
"""Characters of an answer that are looked at."""
MOST_BRACKETS = 200
"""Brackets that begin no JSON; an answer of nothing else must not cost minutes."""
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_BRACKET = re.compile(r"[\[{]")
_NUMBERING = re.compile(r"(?:\d{1,3}[.):]|[-*•–])\s+")
_ITEM = re.compile(r"\s*(?:(?:\d{1,3}[.):]|[-*•–])\s+(?P<listed>\S.*)|(?P<quoted>\".*\"),?)\s*")
_TEXT_KEYS = ("text", "phrasing", "formulierung", "frage", "question", "message", "nachricht")
_DECODER = json.JSONDecoder()


def read_answer(answer: str) -> tuple[str, ...]:
    """The drafts, in one line each, as often as they come. Raises NoDraftsError where there are none."""
    answer = _THOUGHTS.sub("", answer[:LONGEST])
    found = _from_json(answer) or _from_lines(answer)
    texts = [_cleaned(text) for text in found[:MOST]]
    if not any(texts):
        shown = " ".join(answer.split())[:80]
        raise NoDraftsError(
            f"The model answered no list of phrasings, but “{shown}”. Try again, or name another in "
            "POSTBOTE_PHRASINGS_MODEL."
        )
    return tuple(texts)


def _from_json(answer: str) -> list[str]:
    """Of the array with the most texts, or of all objects together (one a line, or of an array that is not closed)."""
    for part in (*_FENCE.findall(answer), answer):
        values = list(_values(part))
        objects = [text for value in values if isinstance(value, dict) for text in _texts(value)]
        arrays = [list(_texts(value)) for value in values if isinstance(value, list)]
        if best := max([*arrays, objects], key=len):
            return best
    return []


def _values(text: str) -> Iterator[Any]:
    """Every JSON array or object that is not a part of another."""
    at = misses = 0
    while misses < MOST_BRACKETS and (bracket := _BRACKET.search(text, at)):
        try:
            value, at = _DECODER.raw_decode(text, bracket.start())
        except (ValueError, RecursionError):
            at = bracket.end()
            misses += 1
        else:
            yield value


def _texts(value: Any) -> Iterator[str]:
    """The texts in an array, or in an object around arrays or numbered texts."""
    if isinstance(value, list):
        for item in value:
            yield from [item] if isinstance(item, str) else _texts_of_item(item)
    elif isinstance(value, dict):
        inner = [each for each in value.values() if isinstance(each, list | dict)]
        if inner:
            for each in inner:
                yield from _texts(each)
        elif known := _known(value):
            yield known
        else:
            yield from (each for each in value.values() if isinstance(each, str))


def _known(item: dict[Any, Any]) -> str | None:
    """The text of an object such as `{"register": "Du", "text": "…"}`."""
    texts = {str(key).casefold(): each for key, each in item.items() if isinstance(each, str)}
    return next((texts[key] for key in _TEXT_KEYS if key in texts), None)


def _texts_of_item(item: Any) -> Iterable[str]:
    """One text of an object in an array, by its key or else the longest."""
    if isinstance(item, list):
        return list(_texts(item))
    if not isinstance(item, dict):
        return []
    texts = sorted((each for each in item.values() if isinstance(each, str)), key=len, reverse=True)
    known = _known(item)
    return [known] if known else texts[:1]


def _from_lines(answer: str) -> list[str]:
    """Of lines with a number, a bullet or quotes; also what is whole of an array that is not closed."""
    items = [item for item in map(_ITEM.fullmatch, answer.splitlines()) if item]
    return [item["listed"] or _json_text(item["quoted"]) for item in items]


def _json_text(quoted: str) -> str:
    """What a line in quotes means, by JSON's rules if it keeps them."""
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted.strip('"')


def _cleaned(text: str) -> str:
    """In one line, without numbering and quotes."""
    line = " ".join(text.split())
    numbered = _NUMBERING.match(line)
    return unquoted(line[numbered.end() :] if numbered else line)
