"""Drafted phrasings as an editor sees them, and what the editor says to them."""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import PostboteError
from bot.faq.phrasings.model import TAKEABLE, Draft, Drafted, Effect

Decide = Callable[[Drafted], tuple[str, ...] | None]
"""The texts that are taken of an entry's drafts; None: the editor has had enough."""

_SIGNS = {Effect.NEW: "+", Effect.KNOWN: "=", Effect.COLLIDES: "!"}
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


class NobodyError(PostboteError):
    """There is no editor to ask."""

    code = "faq-nobody"


def table(drafted: Drafted) -> str:
    """The entry, then a line for each draft: number, what it would change, its text, what happens with it today."""
    entry = drafted.entry
    lines = [f"{entry.slug}: {entry.question.text} (phrasings: {len(entry.phrasings)})"]
    for number, draft in enumerate(drafted.drafts, 1):
        today = f" ({_today(draft)})" if draft.today else ""
        lines.append(f"  {number:>3} {_SIGNS.get(draft.effect, '-')} {draft.effect:<18}  {draft.text[:200]}{today}")
    return "\n".join(lines)


def as_json(drafted: Drafted) -> dict[str, Any]:
    """The same for machines."""
    entry = drafted.entry
    return {
        "slug": entry.slug,
        "question": entry.question.text,
        "phrasings": len(entry.phrasings),
        "drafts": [
            {
                "text": draft.text,
                "effect": draft.effect.name.lower(),
                "today": draft.today,
                "other": draft.other,
                "confidence": draft.confidence,
            }
            for draft in drafted.drafts
        ],
    }


def take_wanted(drafted: Drafted) -> tuple[str, ...]:
    """All that do not collide and can be used, without asking."""
    return tuple(draft.text for draft in drafted.wanted)


class Editor:
    """Somebody at a terminal; is asked for each entry until the answer is for all or enough."""

    def __init__(self) -> None:
        """Raises NobodyError where nobody could answer."""
        if not sys.stdin.isatty():
            raise NobodyError(
                "There is nobody to ask. `--yes` takes all drafts that do not collide, `--dry-run` only shows them."
            )
        self._takes_all = False

    def decide(self, drafted: Drafted) -> tuple[str, ...] | None:
        """See `Decide`."""
        while not self._takes_all:
            answer = _typed(
                f"Take {len(drafted.wanted)} of {len(drafted.drafts)} (+ and =)? "
                "[y]es, [n]o, yes to [a]ll entries, [q]uit, or numbers such as 1 3-5: "
            )
            match answer.strip().lower():
                case "y" | "yes" | "j" | "ja":
                    break
                case "n" | "no" | "nein":
                    return ()
                case "q" | "quit":
                    return None
                case "a" | "all" | "alle":
                    self._takes_all = True
                case numbers:
                    taken = _numbered(numbers, drafted)
                    if taken is not None:
                        return taken
        return take_wanted(drafted)


def agreed(question: str) -> bool:
    """Only a clear yes is one."""
    return _typed(f"{question} [y/N] ").strip().lower() in {"y", "yes", "j", "ja"}


def _typed(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        print()
        return "q"


def _numbered(typed: str, drafted: Drafted) -> tuple[str, ...] | None:
    """The drafts of these numbers; None, with the reason told, where they are none or cannot be taken."""
    parts = [_RANGE.fullmatch(part) for part in typed.replace(",", " ").split()]
    ranges = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    drafts: Mapping[int, Draft] = dict(enumerate(drafted.drafts, 1))
    if not ranges or len(ranges) < len(parts) or any(low not in drafts or high not in drafts for low, high in ranges):
        print("That is none of the answers.")
        return None
    chosen = {number: drafts[number] for low, high in ranges for number in range(low, high + 1)}
    for number, draft in chosen.items():
        if draft.effect not in TAKEABLE:
            print(f"{number} cannot be taken: {draft.effect} ({draft.today}).")
            return None
    return tuple(draft.text for draft in chosen.values())


def _today(draft: Draft) -> str:
    sure = "" if draft.confidence is None else f", {draft.confidence:.2f}"
    return f"today: {draft.today}{sure}" if draft.effect in TAKEABLE else draft.today
