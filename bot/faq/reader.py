"""From a folder of Markdown files to the FAQ."""

from collections.abc import Iterable
from pathlib import Path

from bot.faq.findings import FaqError, Finding
from bot.faq.model import Entry, Faq, Topic
from bot.faq.source import Section, Source, read_source
from bot.faq.structure import check_structure

__all__ = ["FaqError", "faq_of", "has_sources", "read_faq", "read_sources"]


def read_faq(folder: Path) -> Faq:
    """Read all topics of the folder; raises FaqError with every reason why it cannot be done."""
    sources = read_sources(folder)
    findings = tuple(check_structure(sources))
    if findings:
        raise FaqError(findings)
    return faq_of(sources)


def read_sources(folder: Path) -> tuple[Source, ...]:
    """
    The FAQ files of the folder, by name; a README.md in it is no FAQ file.

    Raises FaqError if the folder or a file of it cannot be read, or if it holds none.
    """
    if not folder.is_dir():
        raise FaqError([Finding(str(folder), 1, "there is no such folder", "Name the FAQ's folder with `--faq`.")])
    paths = _paths(folder)
    if not paths:
        raise FaqError([Finding(str(folder), 1, "the folder holds no FAQ", "Write a first file, such as `mail.md`.")])
    sources, findings = [], []
    for path in paths:
        try:
            sources.append(read_source(path))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            findings.append(Finding(str(path), line, "the file is not UTF-8", "Save it with the encoding UTF-8."))
        except OSError as error:
            findings.append(Finding(str(path), 1, f"cannot be read ({error.strerror})", "Make the file readable."))
    if findings:
        raise FaqError(findings)
    return tuple(sources)


def has_sources(folder: Path) -> bool:
    """Is there an FAQ file in the folder?"""
    return bool(_paths(folder))


def faq_of(sources: Iterable[Source]) -> Faq:
    """The FAQ of sources in which `check_structure` finds nothing."""
    return Faq(
        tuple(
            Topic(
                name=source.name,
                title=source.titles[0].text,
                entries=tuple(_entry(section, source.titles[0].text) for section in source.sections),
            )
            for source in sources
        )
    )


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.md") if path.name.lower() != "readme.md")


def _entry(section: Section, topic: str) -> Entry:
    assert section.slug is not None
    return Entry(section.slug, section.question, section.phrasings, section.answer, topic)
