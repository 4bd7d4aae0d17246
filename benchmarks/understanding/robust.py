"""The same messages as hurried, careless or polite customers write them; seeded, so the same in every run."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.evaluation.examples import Example
from bot.faq.words import STOP_WORDS, fold

SEED = 20261124
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss"})
_BEFORE = (
    "Guten Tag, ich habe da mal eine Frage: ",
    "Sehr geehrte Damen und Herren, ",
    "Hallo, entschuldigen Sie bitte die Störung, ",
    "Können Sie mir vielleicht weiterhelfen? ",
)
_AFTER = (
    " Vielen Dank im Voraus!",
    " Mit freundlichen Grüßen",
    " Ich freue mich auf Ihre Antwort.",
    " Danke und einen schönen Tag noch.",
)


def typos(text: str, chance: random.Random) -> str:
    """Two neighbouring letters swapped, one left out or one doubled, in every third word of four letters and more."""
    return " ".join(_typo(word, chance) if len(word) > 3 and chance.random() < 1 / 3 else word for word in text.split())


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )


def without_umlauts(text: str, chance: random.Random) -> str:
    """As on a foreign keyboard: "für" is "fur"."""
    return text.translate(_UMLAUTS)


def lower_case(text: str, chance: random.Random) -> str:
    """Without capitals."""
    return text.lower()


def keywords(text: str, chance: random.Random) -> str:
    """The telling words alone, as into a search box."""
    return " ".join(word for word in text.split() if fold(word) not in STOP_WORDS) or text


def polite(text: str, chance: random.Random) -> str:
    """With a sentence before it and one behind it."""
    return chance.choice(_BEFORE) + text + chance.choice(_AFTER)


VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "typos": typos,
    "without umlauts": without_umlauts,
    "lower case": lower_case,
    "keywords only": keywords,
    "politely padded": polite,
}


def varied(examples: Sequence[Example], variant: str) -> list[Example]:
    """Each of the messages again."""
    chance = random.Random(SEED)
    return [replace(example, text=VARIANTS[variant](example.text, chance)) for example in examples]
