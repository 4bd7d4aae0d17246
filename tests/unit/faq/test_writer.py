"""Writing an FAQ, and changing a file that an editor wrote."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.findings import FaqError
from bot.faq.markdown import unquoted
from bot.faq.model import Entry, Faq, Line, Topic
from bot.faq.reader import faq_of
from bot.faq.source import Source, parse_source, read_source
from bot.faq.structure import check_structure
from bot.faq.writer import add_entry, add_phrasing, save, set_answer, set_question, topic_text

PATH = Path("data/faq/mail.md")
NOWHERE = ("", 0)

FILE = """\
# E-Mail
Notiz für alle.

##  Was ist IMAP?   {#imap}
*  imap was ist das
*  was heißt imap
<!-- geprüft im Mai -->

Ein Protokoll.


## Ohne Liste? {#ohne}
Antwort.
## Liste? {#liste}

<!-- answer -->
- eins
- zwei
"""

alphabet = st.sampled_from([*"abÄß 019", *"#*_-+.!?`~<>&[](){}|\\/:\"'„“=@^$,;", "\u00a0", "😀"])
# What reading can give: one line, no blanks around or twice, no quotation marks around.
words = st.text(alphabet, min_size=1, max_size=25).map(lambda text: unquoted(" ".join(text.split()))).filter(bool)
blocks = st.sampled_from(
    [
        "Ein Satz.",
        "Zwei\nZeilen mit **fett**.  ",
        "- eins\n- zwei",
        "* eins\n\n  noch eins",
        "1. eins\n2. zwei",
        "### Unten",
        "```\n## kein Eintrag {#x}\n- x\n```",
        "    code",
        "> ## Zitat",
        "---",
        "[Link](https://example.de)",
        "| a | b |\n| - | - |",
        "Text\n<!-- Notiz -->",
    ]
)
answers = st.lists(blocks, min_size=1, max_size=4).map("\n\n".join)


def line(text: str) -> Line:
    return Line(text, *NOWHERE)


def entry(slug: str, question: str, phrasings: list[str], answer: str) -> Entry:
    return Entry(slug, line(question), tuple(map(line, phrasings)), answer, "")


entries = st.builds(
    entry,
    st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True),
    words,
    st.lists(words, max_size=3),
    answers,
)
topics = st.builds(
    lambda title, entries: Topic("mail", title, tuple(dataclasses.replace(entry, topic=title) for entry in entries)),
    words,
    st.lists(entries, min_size=1, max_size=3, unique_by=lambda entry: entry.slug),
)


def read(text: str) -> Topic:
    source = parse_source(text, PATH)
    assert list(check_structure([source])) == []
    return faq_of([source]).topics[0]


def unplaced(topic: Topic) -> Topic:
    """The topic without the places where its lines stand."""
    return dataclasses.replace(
        topic,
        entries=tuple(
            dataclasses.replace(
                entry,
                question=line(entry.question.text),
                phrasings=tuple(line(phrasing.text) for phrasing in entry.phrasings),
            )
            for entry in topic.entries
        ),
    )


@pytest.fixture
def source() -> Source:
    return parse_source(FILE, PATH)


@given(topics)
def test_what_is_written_reads_as_the_same(topic: Topic) -> None:
    """Whatever signs stand in questions and phrasings, and whatever blocks in answers."""
    text = topic_text(topic)
    again = read(text)
    assert unplaced(again) == topic
    assert topic_text(again) == text
    assert read(topic_text(again)) == again


@given(topics, entries, words)
def test_changes_leave_all_else_as_it_was(topic: Topic, new: Entry, words: str) -> None:
    """A phrasing, a question, an answer and an entry change only what they are about."""
    slug = topic.entries[0].slug
    text = topic_text(topic)
    for change in (
        lambda source: add_phrasing(source, slug, words),
        lambda source: set_question(source, slug, words),
        lambda source: set_answer(source, slug, new.answer),
        lambda source: add_entry(source, dataclasses.replace(new, slug="ganz-neu")),
    ):
        text = change(parse_source(text, PATH))
    first = topic.entries[0]
    expected = (
        dataclasses.replace(first, question=line(words), phrasings=(*first.phrasings, line(words)), answer=new.answer),
        *topic.entries[1:],
        dataclasses.replace(new, slug="ganz-neu", topic=topic.title),
    )
    assert unplaced(read(text)) == dataclasses.replace(topic, entries=expected)


def changed(text: str) -> list[str]:
    """Lines that are new in the text, and lines that are gone."""
    old, new = FILE.splitlines(), text.splitlines()
    return [f"+{line}" for line in new if line not in old] + [f"-{line}" for line in old if line not in new]


def test_phrasing_joins_the_list_in_the_editors_own_style(source: Source) -> None:
    """Another bullet sign would begin another list, which would be taken for the answer."""
    text = add_phrasing(source, "imap", "  „imap erklärt“ ")
    assert changed(text) == ["+*  imap erklärt"]
    assert text.splitlines()[6] == "*  imap erklärt"


def test_first_phrasing_is_parted_from_the_answer(source: Source) -> None:
    """Without a blank line the answer would become a part of the phrasing."""
    assert "{#ohne}\n- und so\n\nAntwort.\n## Liste" in add_phrasing(source, "ohne", "und so")
    assert "{#liste}\n- und so\n\n<!-- answer -->\n- eins\n" in add_phrasing(source, "liste", "und so")


def test_answer_is_replaced_and_the_note_above_it_stays(source: Source) -> None:
    """Blank lines and notes are the editor's."""
    assert "<!-- geprüft im Mai -->\n\n- neu\n\n\n## Ohne" in set_answer(source, "imap", "- neu")
    assert "{#ohne}\n\n<!-- answer -->\n- neu\n## Liste" in set_answer(source, "ohne", "- neu")


def test_answer_that_would_harm_its_neighbours_is_refused(source: Source) -> None:
    """A heading in it would begin another entry, and an open fence would swallow the next."""
    for answer in ("Gut.\n## Neu? {#neu}\nText", "```\noffen", ""):
        with pytest.raises(FaqError, match="`imap` does not read as it was meant"):
            set_answer(source, "imap", answer)


def test_unknown_entry_is_a_key_error(source: Source) -> None:
    """The caller decides what an unknown slug means."""
    with pytest.raises(KeyError, match="nirgends"):
        add_phrasing(source, "nirgends", "was")


def test_file_keeps_its_line_ends(tmp_path: Path) -> None:
    """A changed phrasing must not show as a change of every line."""
    path = tmp_path / "mail.md"
    path.write_bytes(b"# A\r\n")
    save(path, "# B\n\nText\n")
    assert path.read_bytes() == b"# B\r\n\r\nText\r\n"
    save(tmp_path / "neu.md", "# B\n")
    assert (tmp_path / "neu.md").read_bytes() == b"# B\n"
    assert {file.name for file in tmp_path.iterdir()} == {"mail.md", "neu.md"}


def test_file_keeps_whatever_else_an_editor_left_in_it(tmp_path: Path) -> None:
    """A byte order mark, several kinds of line ends, further empty lines: only the phrasing is new."""
    path = tmp_path / "mail.md"
    path.write_bytes(b"\xef\xbb\xbf# A\n\r\n## B? {#b}\r\n- c\n\n  \r\n\r\nD\rE\r\n\n\n")
    save(path, add_phrasing(read_source(path), "b", "neu"))
    assert path.read_bytes() == b"\xef\xbb\xbf# A\n\r\n## B? {#b}\r\n- c\n- neu\r\n\n  \r\n\r\nD\rE\r\n\n\n"


def test_empty_faq_has_no_entries() -> None:
    """The shape holds at its edge."""
    assert Faq(()).entries == ()
