"""
Could a German-speaking customer have written this?

Short messages cannot be told apart by language (`incoming mail server` is what Germans write, too), so only what
surely is something else is turned down: other scripts, and whole sentences of another language.
"""

import re
import unicodedata

from bot.faq.words import fold

_GERMAN_WORDS = """
aber alle als am an auch auf aus bei beim bin bitte da damit dann das dass daten dein deine dem den denn der des die
dies diese doch du durch ein eine einem einen einer er es etwas euch eure fuer funktioniert geht gibt gilt hab habe
haben hallo hat heisst hier hilfe ich ihr ihre ihren im immer ins isch ist ja kann kein keine koennen man mei mein
meine meinem meinen meiner mich mir mit moechte muss nach ned net nicht nichts nix noch nur oder ohne schon sich sie
sind so soll ueber um und uns unsere unter vom von vor wann warum was weg wegen welche welchen welcher welches wenn
wer werden wie wieso wird wo wohin wos zu zum zur zwischen
"""
# Without those that dialects share: a, i, is, mi, do.
_FOREIGN_WORDS = """
and are as avec be but can cannot ce che come comment como con cual dans does doesn donde el en est et for from have
how if il it je la language las le les los mes model mon my need non not nous of on or our para pas per please por
posso pour puedo puis qual que quel quelle should sono sont sorry sur that the there this to un une vous what when
where which why with would you your
"""
_GERMAN, _FOREIGN = frozenset(_GERMAN_WORDS.split()), frozenset(_FOREIGN_WORDS.split())
_MARKUP = re.compile(r"[<>{}\[\]`|\\]|\*\*|^#|https?:|www\.")


def why_unusable(text: str) -> str | None:
    """Why no German-speaking customer would write this; None if one might."""
    words = fold(text).split()
    if not words:
        return "it has no words"
    if text.startswith("/"):
        return "it begins with `/`, which is a command"
    if _MARKUP.search(text):
        return "it has markup, a link or a placeholder"
    if not all(map(_is_latin, text)):
        return "it is not in Latin letters"
    if not any(sign.isalpha() for sign in text):
        return "it has no letters"
    return "it does not look German" if _is_foreign(words) else None


def _is_foreign(words: list[str]) -> bool:
    """A sentence in which other languages' small words are more than German ones."""
    foreign = sum(word in _FOREIGN for word in words)
    return len(words) >= 4 and foreign >= 2 and foreign > sum(word in _GERMAN for word in words)


def _is_latin(sign: str) -> bool:
    return not sign.isalpha() or unicodedata.name(sign, "").startswith("LATIN")
