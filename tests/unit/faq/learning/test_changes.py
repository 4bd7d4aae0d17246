"""What an editor's changes do to the files, before anything is written."""

from pathlib import Path

import pytest

from bot.faq.learning.changes import Files, Plan, diff, plan
from bot.faq.learning.model import Change, Ignore, NewEntry, OutOfScope, Phrasing

MAIL = """\
# Mail

## Was ist IMAP? {#imap}
- imap erklärung

<!-- seen by Berger -->
IMAP lässt Mails auf dem Server. Siehe [POP3](#pop3).

## Was ist POP3? {#pop3}

POP3 holt Mails ab.
"""
TEXTS = {1: "imap was ist das?", 2: "IMAP, was ist das", 3: "imap für anna@beispiel.de", 4: "wie wird das wetter"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """An FAQ of one topic, and no learnt out-of-scope examples."""
    faq = tmp_path / "faq"
    faq.mkdir()
    (faq / "mail.md").write_text(MAIL, "utf-8")
    return Files(tmp_path, faq, tmp_path / "nlu" / "out_of_scope_learned.yml")


def planned(files: Files, *changes: Change) -> Plan:
    """What they would do to the questions of TEXTS."""
    return plan(changes, TEXTS, files)


def entry(**values: str) -> NewEntry:
    """A good one, unless `values` say otherwise."""
    parts = {"topic": "mail", "slug": "size", "question": "Wie groß?", "answer": "Bis 50 MB."} | values
    return NewEntry(messages=(4,), **parts)


def test_questions_become_phrasings(files: Files) -> None:
    """Each wording once, masked; what the entry has is not written again, and the rest stays as it is."""
    done = planned(files, Phrasing((1, 2, 3), "faq/imap"), Phrasing((1,), "faq/imap"))
    assert done.findings == ()
    assert diff(done.edits, files.project) == (
        "--- faq/mail.md\n+++ faq/mail.md\n@@ -2,6 +2,8 @@\n \n ## Was ist IMAP? {#imap}\n - imap erklärung\n"
        "+- imap was ist das?\n+- imap für [Mailadresse]\n \n <!-- seen by Berger -->\n"
        " IMAP lässt Mails auf dem Server. Siehe [POP3](#pop3)."
    )


def test_the_editor_s_own_wording_is_taken(files: Files) -> None:
    """It is masked all the same."""
    done = planned(files, Phrasing((1,), "faq/pop3", wordings=("POP von a@b.de abholen",)))
    assert "- POP von [Mailadresse] abholen\n" in done.edits[0].after


def test_what_is_known_changes_nothing(files: Files) -> None:
    """Neither does what is ignored."""
    assert planned(files, Phrasing((1,), "faq/imap", wordings=("IMAP-Erklärung!",)), Ignore((4,))) == Plan((), ())


def test_an_answer_becomes_an_entry(files: Files) -> None:
    """With the questions as its phrasings, but for the one that is its own."""
    done = planned(files, entry(question="Wie wird das Wetter?", answer="- Sonne\n- Regen"))
    assert done.findings == ()
    assert done.edits[0].after.removeprefix(MAIL) == (
        "\n## Wie wird das Wetter? {#size}\n\n<!-- answer -->\n- Sonne\n- Regen\n"
    )


def test_a_new_topic_is_a_new_file(files: Files) -> None:
    """Its title can be changed by hand."""
    (edit,) = planned(files, entry(topic="grosse-mails")).edits
    assert (Path(edit.path), edit.before) == (files.faq.resolve() / "grosse-mails.md", None)
    assert edit.after == "# Grosse mails\n\n## Wie groß? {#size}\n- wie wird das wetter\n\nBis 50 MB.\n"
    assert diff([edit], files.faq).startswith("--- /dev/null\n")


REFUSED = [
    (Phrasing((1,), "faq/exchange"), "no entry `exchange`"),
    (Phrasing((1,), "faq/pop3", wordings=("imap Erklärung",)), "also stands in"),
    (Phrasing((1,), "faq/pop3", wordings=("pop " * 100,)), "399 characters"),
    (entry(slug="imap"), "the slug `imap` also stands in"),
    (entry(slug="../etc"), "`../etc` is not allowed"),
    (entry(topic="../../etc/passwd"), "is not allowed"),
    (entry(topic="readme"), "`readme` is not allowed"),
    (entry(answer="Siehe [dort](#nowhere)."), "leads to no entry"),
    (entry(answer="Bis 50 MB.\n\n## Noch eine {#other}\n\nJa."), "does not read as it was meant"),
    (entry(answer="\n"), "does not read as it was meant"),
    (OutOfScope((1,), wordings=("Was ist IMAP",)), "is to be out of scope, but stands here, under `imap`"),
]


@pytest.mark.parametrize(("change", "problem"), REFUSED)
def test_what_the_check_finds_is_said_first(files: Files, change: Change, problem: str) -> None:
    """With file, line and what to do."""
    assert problem in "\n".join(map(str, planned(files, change).findings))


def test_out_of_scope_is_a_file_of_rasa_s(files: Files) -> None:
    """Made when it is needed; brackets, which Rasa takes for entities, are none."""
    (edit,) = planned(files, OutOfScope((4,)), OutOfScope((4,), wordings=("[x](y) & 'z' # :",))).edits
    assert Path(edit.path).name == "out_of_scope_learned.yml"
    assert edit.after.endswith(
        "nlu:\n- intent: out_of_scope\n  examples: |\n    - wie wird das wetter\n    - (x)(y) & 'z' # :\n"
    )


def test_out_of_scope_keeps_what_an_editor_wrote(files: Files) -> None:
    """Comments, order, quotes, other intents; what stands there is not written twice."""
    files.outside.parent.mkdir()
    text = (
        "# Ours\nversion: '3.1'\n\nnlu:\n- intent: greet  # hello\n  examples: |\n    - hallo\n\n"
        "- intent: out_of_scope\n  examples: |\n    - Wetter?\n    - Fußball\n"
    )
    files.outside.write_text(text, "utf-8")
    assert planned(files, OutOfScope((4,), wordings=("wetter",))) == Plan((), ())
    (edit,) = planned(files, OutOfScope((4,))).edits
    assert edit.after == text + "    - wie wird das wetter\n"


@pytest.mark.parametrize("text", ["nlu: [", "- a\n", "version: '3.1'\n"])
def test_a_broken_file_is_named(files: Files, text: str) -> None:
    """It is never written over."""
    files.outside.parent.mkdir()
    files.outside.write_text(text, "utf-8")
    done = planned(files, OutOfScope((4,)))
    assert done.edits == ()
    assert str(files.outside) in str(done.findings[0])
