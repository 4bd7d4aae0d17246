"""What a text is made of, for comparison: the character n-grams of its folded words, and which words stand together."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.faq.words import fold

SHORTEST, LONGEST = 3, 5
PAIRED = 4
"""So many letters stand for a word in a pair: pairs are rare, and endings would make them rarer."""
MOST_SIGNS = 2000
"""Of a longer message the beginning is read: what the customer wants is rarely said later."""

# Courtesies before and after a message: whole parts of a sentence, or sentences, that say nothing of what is wanted.
_BEFORE = re.compile(
    r"""(?:\s*(?:
        (?:hallo|hi|hey|moin|servus|gr(?:ü|ue)(?:ß|ss)\ gott|(?:sch(?:ö|oe)nen\ )?guten\ (?:tag|morgen|abend))
            (?:\ \w+){0,3}
        | sehr\ geehrte\w*(?:\ \w+){1,4} | liebe[sr]?(?:\ \w+){1,3}
        | (?:bitte\ )?(?:entschuldig|verzeih)\w*(?:\ \w+){0,4}
        | ich\ h(?:ab|abe|ätte)(?:\ (?:da|mal|kurz|noch))*\ (?:eine?|ne)(?:\ \w+)?\ (?:frage|anliegen|problem)
        | (?:k(?:ö|oe)nne?n\ sie|kann)\ mir(?:\ (?:vielleicht|bitte|jemand|wer|mal))*\ (?:weiter)?helfen
    )\s*[,.!?:\n]+)+\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(
    r"""(?:(?<=[.!?\n])|(?<=[.!?\n]\ )|
        (?=\ (?:mit\ freundlichen|(?:viele|herzliche|liebe|beste)\ gr|(?:vielen|besten|herzlichen|lieben)\ dank
            |danke\ (?:und|im|schon|vorab)|ich\ freue\ mich)))\s*(?:
        (?:(?:vielen|besten|herzlichen|lieben|tausend)\ )?dank\w*(?:\ \w+){0,7}
        | (?:mit\ (?:freundlichen|besten)|viele|liebe|beste|herzliche|sch(?:ö|oe)ne)\ gr(?:ü|ue)(?:ß|ss)en?\b.*
        | (?:mfg|lg|vg)\b.*
        | (?:ich|wir)\ freuen?\ (?:mich|uns)\ auf\ .*
        | (?:einen\ )?sch(?:ö|oe)nen\ tag(?:\ \w+){0,2}
    )\s*[.!\s]*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

# Whose mailbox it is says nothing about what is wanted.
# Its parts exclude the @, or a row of these would be tried in every way to divide it.
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_BLANKS = re.compile(r"(\s\s)\s+")
"""More of these say nothing, and patterns that begin with blanks would be tried at each."""
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÄÖÜ„\"0-9])|\n+")


def grams(text: str) -> list[str]:
    """
    The n-grams of each word, its edges marked by spaces; compounds, typos and endings share most of theirs.

    Then each word with the next one; the first and the last have a neighbour without letters.

    >>> grams("Öl da")
    [' oe', 'oel', 'el ', ' oel', 'oel ', ' oel ', ' da', 'da ', ' da ', '_oel', 'oel_da', 'da_']
    """
    words = fold(readable(text)).split()
    found = []
    for word in words:
        edged = f" {word} "
        for size in range(SHORTEST, min(LONGEST, len(edged)) + 1):
            found += [edged[start : start + size] for start in range(len(edged) - size + 1)]
    return found + _pairs(words)


def readable(text: str) -> str:
    """What of a message is read: its beginning, without courtesies, and without whose mailbox it is about."""
    return _ADDRESS.sub("mailadresse", plainly(_BLANKS.sub(r"\1", text[:MOST_SIGNS])))


def _pairs(words: Sequence[str]) -> list[str]:
    edged = ("", *words, "") if words else ()
    return [f"{first[:PAIRED]}_{second[:PAIRED]}" for first, second in pairwise(edged)]


def plainly(text: str) -> str:
    """
    The text without courtesies around it; but "hat geklappt, vielen Dank" is meant so: what is left has words enough.

    >>> plainly("Guten Tag, mein Postfach ist voll. Vielen Dank im Voraus!")
    'mein Postfach ist voll.'
    """
    rest = _left(_BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text, text, 2)
    return _left(_AFTER.sub("", rest), rest, 3)


def _left(rest: str, text: str, words: int) -> str:
    return rest if len(rest.split()) >= words else text


def sentences(plain: str) -> list[str]:
    """The sentences of a text without markup."""
    return [part.strip() for part in _SENTENCE_END.split(plain) if part.strip()]
