"""A page imported again into a file that an editor has worked on."""

from pathlib import Path

import pytest

from bot.faq.reader import read_faq, read_sources
from bot.faq.source import parse_source
from bot.faq.web.extract import Extract, Pair, extract
from bot.faq.web.merge import Plan, plan_import
from bot.faq.web.page import Page
from bot.faq.writer import save

URL = "https://www.verein.example/faq"
FOLDER = Path("data/faq")

FILE = f"""\
# Verein

<!-- Imported from {URL} -->
<!-- Beiträge: mit Frau Meier abstimmen -->

## Wie werde ich Mitglied? {{#beitreten}}
- wie trete ich bei
- „Aufnahme beantragen“

Mit dem Antrag.

## Was kostet die Mitgliedschaft? {{#beitrag}}

<!-- geprüft im Mai -->
60 € im Jahr.

## Wo ist das Vereinsheim? {{#vereinsheim}}

Am See.
"""


def page(*pairs: tuple[str, str], title: str = "Verein", url: str | None = URL) -> Extract:
    """A page with these questions and answers."""
    return Extract(title, url, "headings", tuple(Pair(*pair, frozenset()) for pair in pairs), ())


AS_BEFORE = (
    ("Wie werde ich Mitglied?", "Mit dem Antrag."),
    ("Was kostet die Mitgliedschaft?", "60 € im Jahr."),
    ("Wo ist das Vereinsheim?", "Am See."),
)


def imported(found: Extract, text: str = FILE, topic: str | None = None, **others: str) -> Plan:
    """The plan of an import into the file `verein.md` with this text, beside other files."""
    files = {"verein": text, **others}
    sources = [parse_source(content, FOLDER / f"{name}.md") for name, content in files.items() if content]
    return plan_import(sources, found, topic, FOLDER)


def test_same_page_changes_nothing() -> None:
    """A second import of an unchanged page leaves every character of the file."""
    plan = imported(page(*AS_BEFORE))
    assert (plan.path, plan.new, plan.notes) == (FOLDER / "verein.md", FILE, ())


def test_changed_answer_is_the_only_change() -> None:
    """Phrasings, slug, notes and all other lines stay as the editor wrote them."""
    plan = imported(
        page(AS_BEFORE[0], ("Was kostet die Mitgliedschaft?", "- Kinder: 30 €\n- Erwachsene: 80 €"), AS_BEFORE[2])
    )
    assert plan.new == FILE.replace("60 € im Jahr.", "- Kinder: 30 €\n- Erwachsene: 80 €")
    assert plan.notes == ()


@pytest.mark.parametrize(
    "question",
    [
        "Wie kann ich Mitglied werden?",
        "Wie werde ich Mitglied im Verein?",
        "Wie werde ich denn Mitglied",
        "Wie werden wir Mitglieder?",
    ],
)
def test_reworded_question_keeps_slug_and_phrasings(question: str) -> None:
    """The page's new wording becomes the question, the old one stays as a phrasing, and the editor is told."""
    plan = imported(page((question, "Mit dem Antrag."), *AS_BEFORE[1:]))
    heading = "## Wie werde ich Mitglied? {#beitreten}"
    assert plan.new == FILE.replace(heading, f"## {question} {{#beitreten}}").replace(
        "„Aufnahme beantragen“\n", "„Aufnahme beantragen“\n- Wie werde ich Mitglied?\n"
    )
    assert plan.notes == (f"`beitreten` is now asked as “{question}”, before as “Wie werde ich Mitglied?”",)


def test_other_small_words_with_nearly_the_same_answer() -> None:
    """“Wie geht’s” for “wie geht es” is no other question where the answer is hardly changed."""
    text = "# Verein\n\n## Wie geht es los? {#start}\n\nAm ersten Montag im Mai um 18 Uhr.\n"
    plan = imported(page(("Und wie geht’s los?", "Am ersten Montag im Mai um 19 Uhr.")), text)
    (entry,) = parse_source(plan.new, plan.path).sections
    assert (entry.slug, entry.answer) == ("start", "Am ersten Montag im Mai um 19 Uhr.")


def test_reworded_question_with_a_new_answer_keeps_slug_and_phrasings() -> None:
    """Question and answer may change in one edit of the page, as long as the question is plainly the same."""
    plan = imported(page(("Wie werde ich denn Mitglied im Verein?", "Jetzt auch online."), *AS_BEFORE[1:]))
    entry = parse_source(plan.new, plan.path).sections[0]
    assert (entry.slug, entry.answer) == ("beitreten", "Jetzt auch online.")
    assert [line.text for line in entry.phrasings] == [
        "wie trete ich bei",
        "Aufnahme beantragen",
        "Wie werde ich Mitglied?",
    ]


@pytest.mark.parametrize("question", ["WIE WERDE ICH MITGLIED", "wie trete ich bei?", "Aufnahme beantragen"])
def test_question_that_the_editor_reworded_stays_so(question: str) -> None:
    """Where the page's question differs in capitals alone, or stands among the phrasings, the editor's remains."""
    plan = imported(page((question, "Mit dem Antrag."), *AS_BEFORE[1:]))
    assert (plan.new, plan.notes) == (FILE, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Wie richte ich POP3 ein?", "Wie richte ich IMAP ein?"),
        ("Wie kann ich mich anmelden?", "Wie kann ich mich abmelden?"),
        ("Wie aktiviere ich den Filter?", "Wie deaktiviere ich den Filter?"),
        ("Wie zahle ich mit Karte?", "Wie zahle ich ohne Karte?"),
        ("Was kosten 1000 Briefe?", "Was kosten 10000 Briefe?"),
        ("Was kostet ein Konto für Kinder?", "Was kostet ein Konto für Firmen?"),
    ],
)
def test_like_question_about_another_thing_is_a_new_entry(old: str, new: str) -> None:
    """An answer never lands under another question's slug, however alike the two are."""
    text = f"# Verein\n\n## {old} {{#alt}}\n- phrase\n\nDie alte Antwort.\n"
    plan = imported(page((new, "Die neue Antwort.")), text, topic="verein")
    first, second = parse_source(plan.new, plan.path).sections
    assert (first.slug, first.question.text, first.answer) == ("alt", old, "Die alte Antwort.")
    assert (second.question.text, second.phrasings, second.answer) == (new, (), "Die neue Antwort.")
    assert plan.notes == (f"`alt` is not on the page; it is kept: “{old}”",)


def test_new_entry_stands_at_the_end() -> None:
    """It gets a slug of its question's telling words, and a number where that one is taken anywhere."""
    plan = imported(
        page(*AS_BEFORE, ("Gibt es einen Newsletter?", "Ja."), ("Wie werde ich Vorstand?", "Per Wahl.")),
        post="# Post\n\n## Wer schreibt den Newsletter? {#newsletter}\n\nDie Redaktion.\n",
    )
    newsletter = "\n## Gibt es einen Newsletter? {#newsletter-2}\n\nJa.\n"
    assert plan.new == FILE + newsletter + "\n## Wie werde ich Vorstand? {#vorstand}\n\nPer Wahl.\n"


def test_vanished_entry_is_kept_and_named() -> None:
    """Only an editor deletes: the entry may be answered by the bot alone."""
    plan = imported(page(*AS_BEFORE[:2]))
    assert plan.new == FILE
    assert plan.notes == ("`vereinsheim` is not on the page; it is kept: “Wo ist das Vereinsheim?”",)


def test_entry_of_another_file_is_not_doubled() -> None:
    """A question that another topic asks already is left out with a note."""
    other = "# Haus\n\n## Wo ist das Clubhaus? {#haus}\n- Gibt es Parkplätze?\n\nAm See.\n"
    plan = imported(page(*AS_BEFORE, ("Gibt es Parkplätze?", "Nein.")), haus=other)
    assert plan.new == FILE
    assert plan.notes == ("“Gibt es Parkplätze?” is left out: the entry `haus` in another file asks it",)


def test_file_of_the_same_page_is_found_by_its_address() -> None:
    """The editor may rename the file and its topic; without an address the title decides, or `--topic`."""
    renamed = FILE.replace("# Verein", "# Mitgliedschaft")
    assert imported(page(*AS_BEFORE, title="Hilfe"), renamed).path.name == "verein.md"
    assert imported(page(*AS_BEFORE, title="Fragen & Antworten", url=None)).path.name == "fragen-antworten.md"
    assert imported(page(*AS_BEFORE, title="Hilfe", url=None), topic="Verein").path.name == "verein.md"
    assert imported(page(*AS_BEFORE, title="", url=None), "").path.name == "faq.md"


def test_two_pages_of_one_title_are_two_files() -> None:
    """Many pages are called the same: another page's file is left alone, and each is found again."""
    other = page(("Wer haftet?", "Niemand."), url="https://haus.example/faq")
    plan = imported(other)
    assert (plan.path, plan.old, plan.notes) == (FOLDER / "verein-2.md", "", ())
    again = imported(other, FILE, **{"verein-2": plan.new})
    assert (again.path, again.new) == (plan.path, plan.new)


def test_file_of_an_import_is_never_the_readme() -> None:
    """The FAQ's reader skips README.md, so a page of that title becomes another file."""
    assert imported(page(*AS_BEFORE, title="Readme"), "").path.name == "faq.md"


def test_links_between_entries_lead_to_their_slugs() -> None:
    """An anchor of the page becomes the entry's slug, also the editor's own; a dead one becomes plain words."""
    body = (
        '<h2 id="f1">Wie werde ich Mitglied?</h2><p>Erst <a href="#f2">zahlen</a>, dann <a href="#f9">feiern</a>.</p>'
        '<h2 id="f2">Was kostet die Mitgliedschaft?</h2><p>60 €, siehe <a href="/faq#f1">oben</a>.</p>'
    )
    plan = imported(extract(Page(body, URL), URL))
    first, second, _ = parse_source(plan.new, plan.path).sections
    assert first.answer == f"Erst [zahlen](#beitrag), dann [feiern]({URL}#f9)."
    assert second.answer == "60 €, siehe [oben](#beitreten)."


def test_whole_cycle_on_files(tmp_path: Path) -> None:
    """Import, edit, import again: the result is an FAQ with the page's answer and the editor's phrasing."""
    first = plan_import([], page(("Wie fange ich an?", "Hier *klicken*.")), None, tmp_path)
    save(first.path, first.new)
    edited = first.path.read_text(encoding="utf-8").replace("{#fange-an}\n", "{#start}\n- los gehts\n")
    save(first.path, edited)
    second = plan_import(read_sources(tmp_path), page(("Wie fange ich hier an?", "- Hier\n- oder da")), None, tmp_path)
    save(second.path, second.new)
    (entry,) = read_faq(tmp_path).entries
    assert (entry.slug, entry.topic, entry.answer) == ("start", "Verein", "- Hier\n- oder da")
    assert entry.examples == ("Wie fange ich hier an?", "los gehts", "Wie fange ich an?")


def test_swapped_questions_keep_their_answers_apart() -> None:
    """When two entries change places on the page, each keeps its own slug."""
    plan = imported(page(*reversed(AS_BEFORE)))
    assert (plan.new, plan.notes) == (FILE, ())
