"""Reading a folder of Markdown files."""

from pathlib import Path

import pytest

from bot.faq.model import Line
from bot.faq.reader import FaqError, read_faq

MAIL = """\
# E-Mail

Eine Einleitung, die niemand als Antwort bekommt.

## Was ist **IMAP**? {#imap}
- "imap was ist das"
- was *heißt*
  imap
- „Postfach“ oder „Konto“

Mit IMAP bleiben Ihre Mails *auf dem Server*.

### Was es kostet
1. Platz
2. [Mehr dazu](https://example.de/imap)

```
## kein Eintrag {#nein}
```

> ## Auch keiner

## Wohin? {#wohin}
Dorthin.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mail.md").write_text(MAIL, encoding="utf-8")
    return tmp_path


def test_entry_has_question_phrasings_and_answer_with_their_lines(folder: Path) -> None:
    """Markup and quotation marks are taken off what customers say, and the answer stays as written."""
    [topic] = read_faq(folder).topics
    imap, wohin = topic.entries
    file = str(folder / "mail.md")

    assert (topic.name, topic.title) == ("mail", "E-Mail")
    assert (imap.slug, imap.question, imap.topic) == ("imap", Line("Was ist IMAP?", file, 5), "E-Mail")
    assert imap.phrasings == (
        Line("imap was ist das", file, 6),
        Line("was heißt imap", file, 7),
        Line("„Postfach“ oder „Konto“", file, 9),
    )
    assert imap.answer == MAIL[MAIL.index("Mit IMAP") : MAIL.index("\n\n## Wohin")]
    assert (wohin.question.number, wohin.phrasings, wohin.answer) == (23, (), "Dorthin.")


def test_topics_come_by_file_name_and_the_readme_is_none(folder: Path) -> None:
    """The order is the same on every machine."""
    (folder / "README.md").write_text("# Wie man hier schreibt", encoding="utf-8")
    (folder / "konto.md").write_text("# Konto\n## Wie voll? {#voll}\nSo voll.\n", encoding="utf-8")
    faq = read_faq(folder)
    assert [topic.name for topic in faq.topics] == ["konto", "mail"]
    assert [entry.slug for entry in faq.entries] == ["voll", "imap", "wohin"]


@pytest.mark.parametrize(
    ("body", "phrasings", "answer"),
    [
        ("<!-- answer -->\n- eins\n- zwei", [], "- eins\n- zwei"),
        ("- wie\n<!-- noch zu prüfen -->\n- eins\n- zwei", ["wie"], "- eins\n- zwei"),
        ("- wie\n\n* eins\n* zwei", ["wie"], "* eins\n* zwei"),
        ("1. eins\n2. zwei", [], "1. eins\n2. zwei"),
        ("* wie\n* was\nAntwort.\n\nJa.", ["wie", "was"], "Antwort.\n\nJa."),
        ("- wie\nSie brauchen:\n- eins\n- zwei", ["wie"], "Sie brauchen:\n- eins\n- zwei"),
        ("- wie\n  - was\n\n- wo\n\n  wohin\n-\n\nText", ["wie", "was", "wo", "wohin"], "Text"),
        ("[a]: https://a.de\n\nText mit [a]", [], "[a]: https://a.de\n\nText mit [a]"),
        ("Text\n<!-- Notiz -->\nText", [], "Text\n<!-- Notiz -->\nText"),
        ("Text\n---\nText", [], "Text\n---\nText"),
        ("    code\n\nText", [], "    code\n\nText"),
        ("<pre>\n## kein Eintrag\n</pre>", [], "<pre>\n## kein Eintrag\n</pre>"),
    ],
)
def test_where_phrasings_end_and_the_answer_begins(
    tmp_path: Path, body: str, phrasings: list[str], answer: str
) -> None:
    """Only a list directly below the heading is phrasings; a comment before a list makes it the answer."""
    (tmp_path / "a.md").write_text(f"# T\n## F? {{#f}}\n{body}\n\n## G? {{#g}}\nG\n", encoding="utf-8")
    entry = read_faq(tmp_path).entries[0]
    assert [phrasing.text for phrasing in entry.phrasings] == phrasings
    assert entry.answer == answer


def test_windows_line_ends_and_byte_order_mark_change_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Editors work on Windows, too."""
    windows = tmp_path_factory.mktemp("windows")
    (windows / "mail.md").write_bytes(b"\xef\xbb\xbf" + MAIL.replace("\n", "\r\n").encode())
    [there] = read_faq(windows).topics
    [here] = read_faq(folder).topics
    assert [(entry.slug, entry.examples, entry.answer) for entry in there.entries] == [
        (entry.slug, entry.examples, entry.answer) for entry in here.entries
    ]


def test_every_reason_is_told_at_once(folder: Path) -> None:
    """An editor need not run it once per slip."""
    (folder / "a.md").write_text("## Was? {#imap}\n", encoding="utf-8")
    with pytest.raises(FaqError) as caught:
        read_faq(folder)
    assert len(caught.value.findings) == 3
    assert str(caught.value).splitlines()[0].startswith(f"{folder / 'a.md'}:1: the entry has no answer. ")


def test_file_that_is_not_utf8_is_named_with_the_line(folder: Path) -> None:
    """Nothing is guessed about encodings."""
    (folder / "alt.md").write_bytes("# Alt\n## Größe?".encode("latin-1"))
    with pytest.raises(FaqError, match=r"alt\.md:2: the file is not UTF-8"):
        read_faq(folder)


def test_folder_that_is_missing_or_empty_is_an_error(tmp_path: Path) -> None:
    """A bot without an FAQ is never started silently."""
    with pytest.raises(FaqError, match="there is no such folder"):
        read_faq(tmp_path / "nirgends")
    with pytest.raises(FaqError, match="holds no FAQ"):
        read_faq(tmp_path)
