"""German words made comparable, and slugs made of them."""

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# Only words that never tell two questions apart: `an` and `ab`, `nicht` and `kein` do (anmelden, abmelden).
_STOP_WORDS = """
aber als also am auch bei beim bin bis bitte da damit dann das dass dein deine deinem deinen deiner dem den denn der
des die dies diese diesem diesen dieser dieses doch du durch ein eine einem einen einer eines er es etwas euch euer
eure fuer gibt habe haben hat hier ich ihr ihre ihrem ihren ihrer im in ist ja jetzt kann kannst koennen man mein
meine meinem meinen meiner mich mir mit moechte muss muessen nun ob oder s sein sich sie sind so soll sollte tun um
und uns unser unsere unserem unseren unserer vom von wann warum was welche welchem welchen welcher welches wenn wer
werde werden wie wieso will wir wird wo wofuer womit wozu zu zum zur a the is are do does how what which when where
who why can i my you your to of for and or it
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def fold(text: str) -> str:
    """
    The text without what people write in different ways: capitals, umlauts, accents, punctuation, spaces.

    >>> fold("Was heißt „Größe“?")
    'was heisst groesse'
    """
    # Composed first: an umlaut may come as a letter with a combining mark.
    text = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


def slugify(question: str, longest: int = 40) -> str:
    """
    A slug of a question's telling words; empty if it has none that a slug may hold.

    >>> slugify("Wie kann ich meine Öffnungszeiten ändern?")
    'oeffnungszeiten-aendern'
    """
    words = fold(question).split()
    return as_slug(" ".join(word for word in words if word not in STOP_WORDS) or question, longest)


def as_slug(text: str, longest: int = 40) -> str:
    """The text in a slug's letters, with as many of its words as fit; empty if nothing of it can be written so."""
    slug = ""
    for word in re.findall(r"[a-z0-9]+", fold(text)):
        longer = f"{slug}-{word}" if slug else word[:longest]
        if len(longer) > longest:
            break
        slug = longer
    return slug
