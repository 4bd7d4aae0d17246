"""What an FAQ is: topics of entries, each with a question, further phrasings and an answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A piece of text and where it stands, so that every complaint can name file and line."""

    text: str
    file: str
    number: int


@dataclass(frozen=True)
class Entry:
    """One question with its answer; the unit that is matched, answered and linked."""

    slug: str
    """Public name for ever: `[a-z0-9-]+`, unique in the whole FAQ."""
    question: Line
    """Canonical question, as shown to customers on buttons."""
    phrasings: tuple[Line, ...]
    """Further ways to ask it; without the question itself."""
    answer: str
    """Markdown."""
    topic: str
    """Title of the topic (the file's `# heading`)."""

    @property
    def examples(self) -> tuple[str, ...]:
        """The question and its phrasings, in the order of the file."""
        return (self.question.text, *(phrasing.text for phrasing in self.phrasings))


@dataclass(frozen=True)
class Topic:
    """One file of the FAQ."""

    name: str
    """The file's stem."""
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Faq:
    """All topics, in the order of their file names."""

    topics: tuple[Topic, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, topic by topic."""
        return tuple(entry for topic in self.topics for entry in topic.entries)
