"""Is this text a customer's question? Strict: rather no entry than a menu item as entry."""

import re

_STARTERS_TEXT = """
wie was wer wen wem wessen wo wohin woher wann warum wieso weshalb welche welcher welches welchen welchem wieviel
womit wofür wodurch woran worauf wozu kann können darf dürfen muss müssen soll sollte gibt ist sind habe hat haben
wird werden bin ich mein meine meinem meinen how what who where when why which can do does is are i my
"""
_STARTERS = frozenset(_STARTERS_TEXT.split())
# Pages ask, too, but these are not what customers ask.
_PAGE_ASKS = re.compile(
    r"""
    \b(noch|weitere|andere|offene|mehr|allgemeine)\s+fragen\b | ^haben\ sie\ (eine\ frage|fragen)\b
    | \b(nichts|nicht(\ das)?)\ (passende[sn]?|richtige|gefunden|dabei)\b | \bantwort\ (nicht|noch\ nicht)\ gefunden\b
    | ^(war|waren|ist|hat|haben|fanden?)\ (ihnen\ |sie\ )?(dies|das|die|der|unsere?)\w*\b.*(hilfreich|geholfen)
    | \bhilfreich\?$ | \b(ihnen|dir|weiter)\ ?helfen\?$ | ^brauchen\ sie\ (noch\ |weitere\ )?(hilfe|unterstützung)
    | ^was\ suchen\ sie | ^wonach\ suchen\ sie | ^(any|more|other|still\ have)\ .*questions | \bhelpful\?$
    | cookies?\b.*\b(akzeptieren|zulassen|zustimmen|einverstanden) | ^(dürfen|verwenden)\ wir\ cookies
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FEEDBACK = re.compile(
    r"^(war|waren|hat|haben|fanden|finden|konnte) .{0,60}(hilfreich|geholfen|helpful)\b.{0,40}$", re.IGNORECASE
)
_ENUMERATION = re.compile(r"^(\d+(\.\d+)*[.)]{0,2}|frage(\s*\d+)?:|[FQ]\s*\d*[:.])\s+(?=\S)", re.IGNORECASE)
_TAIL = " \t+−–—▾▼▸►›»✕×¶#"


def tidy_question(text: str) -> str:
    """Without the number before it and the signs of folding behind it."""
    return _ENUMERATION.sub("", text.strip(_TAIL)).strip()


def is_question(text: str) -> bool:
    """Does it end as a question, and is it one that customers ask?"""
    text = tidy_question(text)
    asks = re.search(r"\?[\s)\]“”\"'»«]*$", text) is not None
    return asks and len(text) <= 300 and any(map(str.isalpha, text)) and not is_asked_by_page(text)


def is_asked_by_page(text: str) -> bool:
    """Such as “Noch Fragen?” and “War diese Antwort hilfreich?”."""
    return _PAGE_ASKS.search(text) is not None


def is_feedback(text: str) -> bool:
    """Such as “War diese Antwort hilfreich? Ja Nein”, below an answer."""
    return _FEEDBACK.search(text) is not None


def begins_like_question(text: str) -> bool:
    """Such as “Ich habe mein Passwort vergessen”: fit for an entry where its neighbours are questions."""
    words = tidy_question(text).lower().split()
    return len(words) >= 3 and words[0] in _STARTERS and not is_asked_by_page(text)
