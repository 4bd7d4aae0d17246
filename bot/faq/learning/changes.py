"""From an editor's changes to files: what would be written, how it differs, and what is wrong with it."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.faq.check import check_sources
from bot.faq.findings import FaqError, Finding
from bot.faq.learning import outside
from bot.faq.learning.files import read, unified
from bot.faq.learning.model import Change, Edit, Ignore, NewEntry, OutOfScope, Phrasing
from bot.faq.learning.privacy import distinct, mask
from bot.faq.model import Entry, Line
from bot.faq.reader import read_sources
from bot.faq.source import Section, Source, parse_source
from bot.faq.structure import SLUG
from bot.faq.words import fold
from bot.faq.writer import add_entry, add_phrasing, topic_start

LONGEST_WORDING = 300
"""Characters of a phrasing: a whole letter is no example of a question."""


@dataclass(frozen=True)
class Plan:
    """What a publication would do."""

    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    """Reasons not to do it."""


@dataclass(frozen=True)
class Files:
    """Where what is learnt is written."""

    project: Path
    """Folder of all, absolute; what is shown is relative to it."""
    faq: Path
    """The folder of the FAQ."""
    outside: Path
    """The file of learnt out-of-scope examples; it need not exist."""

    @classmethod
    def of(cls, project: Path, faq: Path) -> Self:
        """Those of a Rasa project whose FAQ is in the folder `faq`; what editors write is all in there."""
        return cls(project.resolve(), faq, faq / "out_of_scope_learned.yml")


def plan(changes: Sequence[Change], texts: Mapping[int, str], files: Files) -> Plan:
    """`texts` are the questions' by the ids that the changes name. Nothing is written."""
    draft = _Draft(files, texts)
    for change in changes:
        try:
            draft.apply(change)
        except FaqError as error:
            draft.findings += error.findings
    return draft.plan()


def diff(edits: Iterable[Edit], root: Path) -> str:
    """A unified diff; paths below `root` are shown relative to it."""
    lines: list[str] = []
    for edit in edits:
        path = Path(edit.path)
        name = str(path.relative_to(root) if path.is_relative_to(root) else path)
        before = (unified(edit.before) or "").splitlines()
        lines += difflib.unified_diff(
            before, edit.after.splitlines(), name if edit.before is not None else "/dev/null", name, lineterm=""
        )
    return "\n".join(lines)


class _Draft:
    """The FAQ as it would be after the changes so far."""

    def __init__(self, files: Files, texts: Mapping[int, str]) -> None:
        self._files = files
        self._texts = texts
        self._sources = {Path(source.file): source for source in read_sources(files.faq)}
        self._outside = read(files.outside)
        self.findings: list[Finding] = []

    def plan(self) -> Plan:
        """Edits and findings."""
        after = {path: "\n".join(source.lines) for path, source in self._sources.items()}
        if self._outside is not None:
            after[self._files.outside] = self._outside
        edits = [Edit(str(path.resolve()), read(path), text) for path, text in after.items()]
        changed = tuple(edit for edit in edits if edit.after != unified(edit.before))
        return Plan(changed, tuple(sorted({*self.findings, *check_sources(self._sources.values())})))

    def apply(self, change: Change) -> None:
        """Raises FaqError where it cannot be done."""
        match change:
            case Phrasing():
                self._add_phrasings(change)
            case NewEntry():
                self._add_entry(change)
            case OutOfScope():
                self._leave_out(change)
            case Ignore():
                pass

    def _add_phrasings(self, change: Phrasing) -> None:
        source, section = self._entry(change.label)
        known = {fold(line.text) for line in (section.question, *section.phrasings)}
        for wording in self._wordings(change, source.file):
            if fold(wording) not in known:
                source = self._replace(source, add_phrasing(source, section.slug or "", wording))

    def _add_entry(self, change: NewEntry) -> None:
        for name in (change.slug, change.topic):
            # A README.md beside the FAQ is none of its files.
            if not SLUG.fullmatch(name) or name == "readme":
                remedy = "Only a-z, 0-9 and single hyphens between them, such as `attachment-size`."
                raise _error(self._files.faq, f"the name `{name}` is not allowed", remedy)
        source = self._topic(change.topic)
        question = mask(change.question)
        wordings = [each for each in self._wordings(change, source.file) if fold(each) != fold(question)]
        phrasings = tuple(Line(wording, source.file, 0) for wording in wordings)
        entry = Entry(change.slug, Line(question, source.file, 0), phrasings, change.answer.strip("\n"), source.name)
        self._replace(source, add_entry(source, entry))

    def _leave_out(self, change: OutOfScope) -> None:
        file = str(self._files.outside)
        wordings = self._wordings(change, file)
        for source, section in self._sections():
            said = {fold(line.text): line for line in (section.question, *section.phrasings)}
            for wording in wordings:
                if line := said.get(fold(wording)):
                    problem = f"`{line.text}` is to be out of scope, but stands here, under `{section.slug}`"
                    self.findings.append(Finding(source.file, line.number, problem, "Take it out, or leave it in."))
        self._outside = outside.with_examples(self._outside, file, wordings)

    def _wordings(self, change: Phrasing | NewEntry | OutOfScope, file: str) -> list[str]:
        texts = change.wordings if change.wordings is not None else tuple(map(self._texts.__getitem__, change.messages))
        wordings = distinct(texts)
        for wording in wordings:
            if len(wording) > LONGEST_WORDING:
                problem = f"`{wording[:40]}…` has {len(wording)} characters"
                raise _error(file, problem, f"A phrasing may have {LONGEST_WORDING}: shorten it to what is asked.")
        return wordings

    def _sections(self) -> Iterator[tuple[Source, Section]]:
        return ((source, section) for source in self._sources.values() for section in source.sections)

    def _entry(self, label: str) -> tuple[Source, Section]:
        slug = label.removeprefix("faq/")
        for source, section in self._sections():
            if section.slug == slug:
                return source, section
        raise _error(self._files.faq, f"there is no entry `{slug}`", "Choose another, or make a new entry.")

    def _topic(self, name: str) -> Source:
        path = self._files.faq / f"{name}.md"
        if path not in self._sources:
            self._sources[path] = parse_source(topic_start(name.replace("-", " ").capitalize()), path)
        return self._sources[path]

    def _replace(self, source: Source, text: str) -> Source:
        path = Path(source.file)
        self._sources[path] = parse_source(text, path)
        return self._sources[path]


def _error(file: object, problem: str, remedy: str) -> FaqError:
    return FaqError([Finding(str(file), 1, problem, remedy)])
