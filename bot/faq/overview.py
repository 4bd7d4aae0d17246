"""The FAQ shown to people: all entries as a table, one as Rasa would read it."""

import difflib

import yaml

from bot.errors import PostboteError
from bot.faq.model import Entry, Faq


class UnknownEntryError(PostboteError):
    """No entry has this slug."""

    code = "faq-unknown"

    def __init__(self, slug: str, faq: Faq) -> None:
        near = difflib.get_close_matches(slug, [entry.slug for entry in faq.entries])
        known = f"Did you mean {' or '.join(near)}?" if near else "`python -m bot faq show` lists all."
        super().__init__(f"There is no entry `{slug}`. {known}")


def get_entry(faq: Faq, slug: str) -> Entry:
    """The entry of this slug; raises UnknownEntryError, which names similar ones."""
    for entry in faq.entries:
        if entry.slug == slug:
            return entry
    raise UnknownEntryError(slug, faq)


def table(faq: Faq) -> str:
    """A line for each entry: slug, question, number of phrasings, characters of the answer, topic."""
    rows = [("slug", "question", "phrasings", "answer", "topic")] + [
        (entry.slug, entry.question.text, str(len(entry.phrasings)), str(len(entry.answer)), entry.topic)
        for entry in faq.entries
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for slug, question, phrasings, answer, topic in rows:
        cells = [slug.ljust(widths[0]), question.ljust(widths[1]), phrasings.rjust(widths[2]), answer.rjust(widths[3])]
        lines.append("  ".join([*cells, topic]))
    return "\n".join(lines)


def rasa_yaml(entry: Entry) -> str:
    """What is derived from the entry, in Rasa's own format: the intent with its examples, and the response."""
    name = f"faq/{entry.slug}"
    derived = {
        "version": "3.1",
        "nlu": [{"intent": name, "examples": _Block("".join(f"- {example}\n" for example in entry.examples))}],
        "responses": {f"utter_{name}": [{"text": _Block(f"{entry.answer}\n")}]},
    }
    return yaml.dump(derived, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


class _Block(str):
    """Text that is written line by line."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|"))
