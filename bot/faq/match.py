"""Is this the same question as before, only worded a little differently?"""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from bot.faq.words import STOP_WORDS, fold


def match_questions(old: Mapping[str, tuple[str, str]], new: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    Which of the old questions each new one is, by question: at most one, each at most once.

    `old` has question and answer by slug, `new` pairs of both. Only the same question
    counts: a phrasing lost is soon written again, but an answer under another
    question's name misleads customers.
    """
    scores = [
        (score, question, slug)
        for question, answer in new
        for slug, (old_question, old_answer) in old.items()
        if (score := _likeness(fold(question), fold(old_question), fuzz.ratio(fold(answer), fold(old_answer))))
    ]
    matches: dict[str, str] = {}
    for _, question, slug in sorted(scores, key=lambda score: -score[0]):
        if question not in matches and slug not in matches.values():
            matches[question] = slug
    return matches


def _likeness(one: str, other: str, answers: float) -> float:
    """0 for different questions. “POP3” for “IMAP” or “an” for “ab” is another question, however alike the rest."""
    score = fuzz.ratio(one, other)
    if answers == 100 and score >= 50:
        return 100 + score
    added, removed = _unlike(one, other), _unlike(other, one)
    telling = {*added, *removed} - STOP_WORDS if answers >= 80 else {*added, *removed}
    return score if score >= 70 and not (added and removed and telling) else 0


def _unlike(one: str, other: str) -> list[str]:
    """Words of the one that the other has not, not even in another form or with a slip."""
    return [word for word in one.split() if not any(_is_near(word, mate) for mate in other.split())]


def _is_near(word: str, other: str) -> bool:
    """Forms of a word begin alike, opposites do not (anmelden and abmelden); and a number has no forms."""
    if word == other:
        return True
    are_words = min(len(word), len(other)) >= 4 and (word + other).isalpha()
    return are_words and word[:2] == other[:2] and fuzz.ratio(word, other) >= 80
