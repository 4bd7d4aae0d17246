"""Whether a figure meets its aim; and where it does not, what was tried and what would be needed."""

import re
from collections.abc import Iterator, Sequence

Row = tuple[str, ...]
"""A measure, its aim, then a figure each of Postbote, NLP.js and vanilla Rasa."""

FOREIGN = """The messages share hardly a word with their entry ("bin zur ing gegangen, bitte alles dichtmachen").
Tried: the answers' sentences as examples, soft tf-idf, lemmas, OpenThesaurus, BM25, and a sentence model of 118 M
parameters, which misses it as well on two of three. Needed: phrasings (`faq phrasings` drafts them), or a model that
knows the world."""
TRIED = {
    "bibliothek": FOREIGN,
    "abfall": FOREIGN,
    "sparkasse": FOREIGN,
    "Braun": """30 to 99 English sentences teach two to eight labels, and each that is asked is 0.4 points. Tried: words
and pairs of words beside n-grams (91.2 to 92.3). Needed: knowledge of English from elsewhere; the text is read as
German here, and the published 93 are best runs.""",
    "massive_de": """Tried: pairs of words (82.1 to 82.9). That is what the best without a pre-trained model has.
Needed: knowledge of what words mean from elsewhere.""",
    "clinc150_full: accuracy": """A quarter of all messages is expected to have no answer, so what is in doubt is
declined: of what is out of scope twice as much is recognised as by any that was published, and of all messages
together more are right (the last row). Needed for this row alone: to expect less out of scope.""",
    "restore messages": "Tried: what decision 5 says, and what 90 messages of another hand showed. Needed: more such.",
}
"""By how the names of rows begin; in decision 8 there is more."""
_AIM = re.compile(r"([≥≤>]) ([0-9.]+) %")


def verdict(aim: str, percent: float) -> str:
    """
    The aim, and whether it is met by a figure, which is in percent and rounded as it stands in the table.

    >>> verdict("≥ 96 %", 95.2)
    '≥ 96 %, missed by 0.8'
    """
    found = _AIM.fullmatch(aim)
    if not found:
        return aim
    wanted = float(found[2])
    met = {"≥": percent >= wanted, "≤": percent <= wanted, ">": percent > wanted}[found[1]]
    return f"{aim}, met" if met else f"{aim}, missed by {abs(percent - wanted):.1f}"


def missed(rows: Sequence[Row]) -> Iterator[str]:
    """A line for each of the rows whose aim is missed, the ones with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for name, aim, *figures in rows:
        if "missed" in aim:
            said = f"*{name}*: {figures[0]} ({aim})"
            reasons.setdefault(_tried(name), []).append(said)
    for reason, names in reasons.items():
        yield f"- {'; '.join(names)}. {reason}"


def _tried(name: str) -> str:
    found = [text for start, text in TRIED.items() if name.startswith(start)]
    return " ".join(found[0].split()) if found else "Nothing was tried yet."
