"""
`python -m bot faq phrasings`: have a language model draft phrasings, look at them, write the approved ones.

For editors while they write. Its own module since it loads the trained model, for which `faq check` must not wait.
"""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.commands.faq_drafts import Decide, Editor, agreed, as_json, table, take_wanted
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model
from bot.evaluation.change import Measured, measure_change, train_changed
from bot.evaluation.examples import Example, read_examples
from bot.faq.check import check_faq
from bot.faq.findings import FaqError, Finding
from bot.faq.learning.changes import Files
from bot.faq.learning.errors import JobUnderWayError
from bot.faq.learning.figures import why_worse
from bot.faq.learning.files import publishing, write
from bot.faq.learning.model import Edit
from bot.faq.model import Entry
from bot.faq.phrasings.choose import choose_entries
from bot.faq.phrasings.errors import ChatError, NoDraftsError
from bot.faq.phrasings.judge import Judge
from bot.faq.phrasings.model import Approved, Drafted
from bot.faq.phrasings.service import Drafter, edits_for
from bot.llm.choose import create_chat
from bot.log import configure, tell
from bot.settings import Settings, load_settings

_OUTCOMES = ("right", "offered", "missed", "declined", "wrong")


@dataclass
class _Outcome:
    """What came of the entries so far."""

    drafted: list[Drafted] = field(default_factory=list)
    approved: list[Approved] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    """By slug."""


@dataclass(frozen=True)
class _Work:
    """What is worked with: the bot as it is, and where its FAQ is."""

    settings: Settings
    folder: Path
    present: RasaDialogue
    heldout: tuple[Example, ...]

    def edits(self, approved: Sequence[Approved]) -> tuple[Edit, ...]:
        return edits_for(approved, Files.of(self.settings.project, self.folder))

    def measure(self, approved: Sequence[Approved]) -> Measured:
        after = train_changed(self.settings.project, self.folder, self.edits(approved), tell)
        phrasings = [Example(text, f"faq/{each.slug}") for each in approved for text in each.texts]
        return measure_change(self.present.understand, after.understand, phrasings, self.heldout)


def run(args: argparse.Namespace) -> int:
    """Draft, show, ask, write; 1 when an entry got no drafts or what was approved was not written."""
    settings = load_settings()
    folder = args.faq or settings.faq
    chat = create_chat(settings)
    shows_only = args.dry_run or args.json
    decide = take_wanted if args.yes or shows_only else Editor().decide
    faq = check_faq(folder)
    entries = _chosen(choose_entries(faq, args.slugs, args.number), args)
    if not entries:
        return _nothing(args, folder)
    work = _prepare(settings, folder, measures=args.measure)
    drafter = Drafter(chat, Judge(faq, work.present.understand), args.number)
    outcome = _draft(drafter, entries, decide, quiet=args.json)
    measured = work.measure(outcome.approved) if args.measure and outcome.approved else None
    if args.json:
        print(json.dumps(_values(outcome, measured), ensure_ascii=False, indent=2))
    elif measured:
        print(_report(measured))
    written = shows_only or _write(work, outcome.approved, measured, asks=not args.yes)
    return 0 if written and not outcome.failures else 1


def _nothing(args: argparse.Namespace, folder: Path) -> int:
    tell(f"Every entry of {folder} has {args.number} phrasings or more. Name those that shall have others.")
    if args.json:
        print(json.dumps(_values(_Outcome(), None)))
    return 0


def _chosen(entries: Sequence[Entry], args: argparse.Namespace) -> Sequence[Entry]:
    """All that are named, else as many as one run is for."""
    chosen = entries if args.slugs else entries[: args.entries]
    if len(chosen) < len(entries):
        tell(f"{len(entries)} entries have fewer than {args.number} phrasings; these are the first {len(chosen)}.")
    return chosen


def _prepare(settings: Settings, folder: Path, *, measures: bool) -> _Work:
    """Before anything is asked, so that nobody's approval is lost to a held-out file that does not fit."""
    configure(settings)
    present = RasaDialogue.load(ensure_model(settings.project, settings.models, folder, report=tell))
    heldout: Sequence[Example] = ()
    if measures and settings.heldout:
        heldout = read_examples(settings.heldout, present.labels)
    return _Work(settings, folder, present, tuple(heldout))


def _draft(drafter: Drafter, entries: Sequence[Entry], decide: Decide, *, quiet: bool) -> _Outcome:
    """Entry by entry, until the editor or the endpoint has had enough."""
    outcome = _Outcome()
    for number, entry in enumerate(entries, 1):
        tell(f"Drafting for `{entry.slug}` ({number} of {len(entries)}) …")
        try:
            drafted = asyncio.run(drafter.draft(entry))
        except NoDraftsError as error:
            tell(f"`{entry.slug}` is skipped. {error}")
            outcome.failures[entry.slug] = str(error)
            continue
        except ChatError as error:
            tell(f"`{entry.slug}` and what would follow is given up. {error}")
            outcome.failures[entry.slug] = str(error)
            break
        outcome.drafted.append(drafted)
        if not quiet:
            print(table(drafted))
        texts = decide(drafted)
        if texts is None:
            break
        if texts:
            outcome.approved.append(Approved(entry.slug, texts))
            drafter.judge.approve(outcome.approved[-1])
    return outcome


def _write(work: _Work, approved: Sequence[Approved], measured: Measured | None, *, asks: bool) -> bool:
    """Whether what was approved is written; true as well where nothing was."""
    if not approved:
        print("Nothing was approved, nothing was written.")
        return True
    if measured and _is_worse(measured) and not (asks and agreed("Write them nevertheless?")):
        print("Nothing was written.")
        return False
    edits = _write_files(work, approved)
    count = sum(len(each.texts) for each in approved)
    entries = "entry" if len(approved) == 1 else "entries"
    print(f"Written: {count} phrasings of {len(approved)} {entries} into {', '.join(_names(edits))}.")
    print(
        "Next: `python -m bot faq check`, then `python -m bot train`; a server that runs takes it when it starts again."
    )
    return True


def _write_files(work: _Work, approved: Sequence[Approved]) -> tuple[Edit, ...]:
    """With the files as they are now, whoever changed them meanwhile."""
    lock = publishing(work.settings.models)
    if not lock.acquire():
        raise JobUnderWayError
    try:
        edits = work.edits(approved)
        write(edits)
    except OSError as error:
        remedy = "Make the folder writable."
        raise FaqError([Finding(str(work.folder), 1, f"cannot be written ({error.strerror})", remedy)]) from error
    finally:
        lock.release()
    return edits


def _names(edits: Sequence[Edit]) -> list[str]:
    return [Path(edit.path).name for edit in edits]


def _is_worse(measured: Measured) -> bool:
    return measured.heldout is not None and why_worse(*measured.heldout) is not None


def _report(measured: Measured) -> str:
    before, after = measured.understood
    lines = [f"Trained with them, the bot answers {after} of the {measured.count} phrasings rightly (today {before})."]
    if not measured.heldout:
        return "\n".join([*lines, "There are no held-out messages (POSTBOTE_HELDOUT), so nothing else was measured."])
    then, now = measured.heldout
    rows = [f"  {name:<9} {getattr(then, name):>5} → {getattr(now, name):>5}" for name in _OUTCOMES]
    return "\n".join([*lines, f"Of {now.count} held-out messages:", *rows, *filter(None, [why_worse(then, now)])])


def _values(outcome: _Outcome, measured: Measured | None) -> dict[str, Any]:
    return {
        "entries": [as_json(drafted) for drafted in outcome.drafted],
        "failures": outcome.failures,
        "measured": asdict(measured) if measured else None,
    }
