"""`python -m bot faq`, as an editor uses it."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.__main__ import main

PROJECT = Path(__file__).parents[3]
PAGES = Path(__file__).parent / "pages"

GOOD = """\
# Verein

## Wie werde ich Mitglied? {#beitreten}
- wie trete ich bei

Mit dem **Antrag**, siehe [Beitrag](#beitrag).

## Was kostet das? {#beitrag}

<!-- answer -->
- Kinder: 30 €
- Erwachsene: 60 €
"""

FAULTY = """\
# Verein

## Wie werde ich Mitglied?

Mit dem Antrag, siehe [Beitrag](#geld).

## Was kostet das? {#beitrag}
- wie werde ich mitglied

## Wer hilft? {#beitrag}

Alle.
"""


class Terminal(io.StringIO):
    """A keyboard on which somebody types this."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture
def faq(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty FAQ folder in the working directory, with nobody at the keyboard."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    folder = Path("data/faq")
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, text: str) -> Path:
    path = folder / "verein.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_show_lists_all_entries(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, with slug, question, number of phrasings and topic."""
    write(faq, GOOD)
    assert main(["faq", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["slug", "beitreten", "beitrag"]
    assert lines[1].split("  ")[1] == "Wie werde ich Mitglied?"
    assert lines[1].split()[-3:] == ["1", str(len("Mit dem **Antrag**, siehe [Beitrag](#beitrag).")), "Verein"]


def test_show_of_an_entry_is_what_rasa_reads(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Valid YAML of Rasa's format, with the question and its phrasings as examples."""
    write(faq, GOOD)
    assert main(["faq", "show", "beitreten"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert shown["nlu"] == [{"intent": "faq/beitreten", "examples": "- Wie werde ich Mitglied?\n- wie trete ich bei\n"}]
    assert shown["responses"] == {"utter_faq/beitreten": [{"text": "Mit dem **Antrag**, siehe [Beitrag](#beitrag).\n"}]}


def test_show_of_an_unknown_slug_names_similar_ones(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip gets proposals, something else the way to the list."""
    write(faq, GOOD)
    assert main(["faq", "show", "beitretn"]) == 1
    assert capsys.readouterr().err == "There is no entry `beitretn`. Did you mean beitreten or beitrag?\n"
    assert main(["faq", "show", "xyz"]) == 1
    assert "`python -m bot faq show` lists all." in capsys.readouterr().err


def test_check_of_a_good_faq(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what it has seen."""
    write(faq, GOOD)
    assert main(["faq", "check"]) == 0
    assert capsys.readouterr().out == "data/faq: all is well (topics: 1, entries: 2, phrasings: 1).\n"


def test_check_names_every_fault_with_its_line(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All at once, each with file, line, problem and remedy; exit code 1."""
    write(faq, FAULTY)
    assert main(["faq", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(". ")[0] for line in lines] == [
        "data/faq/verein.md:3: the heading has no slug",
        "data/faq/verein.md:5: the link `#geld` leads to no entry",
        "data/faq/verein.md:7: the entry has no answer, only a list",
        "data/faq/verein.md:8: `wie werde ich mitglied` also stands in data/faq/verein.md:3, under another entry",
        "data/faq/verein.md:10: the slug `beitrag` also stands in data/faq/verein.md:7",
    ]
    assert lines[0].endswith("End the heading with one, such as `{#mitglied}`; it is the entry's public name for ever.")


def test_check_of_a_folder_without_faq(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder and one that is not there are faults, too."""
    assert main(["faq", "check"]) == 1
    assert main(["faq", "check", "--faq", "nirgends"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "data/faq:1: the folder holds no FAQ. Write a first file, such as `mail.md`.",
        "nirgends:1: there is no such folder. Name the FAQ's folder with `--faq`.",
    ]


def test_exit_code_of_the_real_command(tmp_path: Path) -> None:
    """`python -m bot faq check` in a shell: what scripts rely on."""
    write(tmp_path, FAULTY)
    command = [sys.executable, "-m", "bot", "faq", "check", "--faq", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 5)


def test_import_of_a_file_shows_the_difference_and_writes(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new topic, shown as the whole file that it will be; `faq check` then finds nothing."""
    assert main(["faq", "import", str(PAGES / "terms.html"), "--yes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("terms.html: 3 entries, found as <dl> with <dt> and <dd>.")
    assert lines[1:4] == ["--- /dev/null", "+++ data/faq/praxis.md", "@@ -0,0 +1,21 @@"]
    assert lines[-1] == "data/faq/praxis.md: written."
    written = (faq / "praxis.md").read_text(encoding="utf-8")
    assert [line.removeprefix("+") for line in lines[4:-1]] == written.splitlines()
    assert main(["faq", "check"]) == 0


def test_import_into_a_named_topic_of_a_new_folder(faq: Path) -> None:
    """`--topic` is the file's title and, as a slug, its name; the folder is made."""
    main(["faq", "import", str(PAGES / "terms.html"), "--yes", "--faq", "neu/faq", "--topic", "Über die Praxis"])
    assert Path("neu/faq/ueber-die-praxis.md").read_text(encoding="utf-8").startswith("# Über die Praxis\n\n## ")


def test_import_again_shows_only_what_changed(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The editor's phrasing stays, the answer is new, and both can be seen."""
    page = Path("seite.html")
    shutil.copy(PAGES / "terms.html", page)
    main(["faq", "import", "seite.html", "--yes"])
    path = faq / "praxis.md"
    edited = path.read_text(encoding="utf-8").replace("{#brauche-termin}\n", "{#termin}\n- muss ich vorher anrufen\n")
    path.write_text(edited, encoding="utf-8")
    page.write_text(page.read_text(encoding="utf-8").replace("Im Notfall nicht.", "Immer."), encoding="utf-8")
    capsys.readouterr()
    assert main(["faq", "import", "seite.html", "--yes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line[0] in "+-"] == [
        "--- data/faq/praxis.md",
        "+++ data/faq/praxis.md",
        "-Im Notfall nicht.",
        "+Immer.",
    ]
    assert path.read_text(encoding="utf-8") == edited.replace("Im Notfall nicht.", "Immer.")
    assert main(["faq", "import", "seite.html"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "data/faq/praxis.md: nothing to change."


@pytest.mark.parametrize(
    ("typed", "code", "written"), [("j\n", 0, True), ("yes\n", 0, True), ("\n", 1, False), ("n\n", 1, False)]
)
def test_import_asks_before_it_writes(
    faq: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, written: bool
) -> None:
    """Only a clear yes writes."""
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert main(["faq", "import", str(PAGES / "terms.html")]) == code
    assert (faq / "praxis.md").exists() == written


def test_import_with_nobody_to_ask_writes_nothing(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a script it shows what it would do, and how to do it."""
    assert main(["faq", "import", str(PAGES / "terms.html")]) == 1
    out, err = capsys.readouterr()
    assert out.endswith("Nothing was written.\n")
    assert "`--yes` writes without asking" in err
    assert not list(faq.iterdir())


def test_import_into_a_broken_faq_is_refused(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read cannot be kept: first the faults are to be put right."""
    path = write(faq, FAULTY)
    before = path.read_bytes()
    assert main(["faq", "import", str(PAGES / "terms.html"), "--yes"]) == 1
    assert "data/faq/verein.md:3: the heading has no slug" in capsys.readouterr().err
    assert [*faq.iterdir()] == [path]
    assert path.read_bytes() == before


def test_import_tells_what_check_will_say(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An answer too long for a messenger is taken over, but the editor hears of it at once."""
    Path("lang.html").write_text(f"<h1>Lang</h1><h2>Wie lang?</h2><p>{'sehr ' * 1000}</p>", encoding="utf-8")
    assert main(["faq", "import", "lang.html", "--yes"]) == 1
    out = capsys.readouterr().out
    assert "After the import `faq check` will say:\ndata/faq/lang.md:5: the answer has 4999 characters" in out
    assert out.endswith("data/faq/lang.md: written.\n")


def test_import_to_where_nothing_can_be_written(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names the file and the reason."""
    Path("datei").write_text("", encoding="utf-8")
    assert main(["faq", "import", str(PAGES / "terms.html"), "--yes", "--faq", "datei/faq"]) == 1
    assert "datei/faq/praxis.md:1: cannot be written (Not a directory)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("weg.html", None, "weg.html: cannot be read (No such file or directory). Name an HTML file"),
        ("bild.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "bild.html: is no HTML."),
        ("liste.pdf", b"%PDF-1.7\n<x:xmpmeta >", "liste.pdf: is no HTML."),
        ("text.html", b"Wie geht das? So.", "text.html: is no HTML."),
        ("leer.html", b"", "leer.html: is no HTML."),
        ("start.html", b"<html><h1>Hallo</h1></html>", "start.html: no FAQ found"),
    ],
)
def test_import_of_a_file_that_is_no_faq(
    faq: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, message: str
) -> None:
    """Each has its clear error on the error output, and exit code 1."""
    if content is not None:
        Path(name).write_bytes(content)
    assert main(["faq", "import", name, "--yes"]) == 1
    out, err = capsys.readouterr()
    assert err.startswith(message)
    assert (out, list(faq.iterdir())) == ("", [])


def test_phrasings_without_an_endpoint_name_the_settings(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is sent anywhere unless somebody says where to."""
    write(faq, GOOD)
    assert main(["faq", "phrasings"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("POSTBOTE_PHRASINGS_URL and POSTBOTE_PHRASINGS_MODEL must name a language model")
    assert err.endswith("Nothing was sent.\n")


def test_phrasings_with_nobody_to_ask(
    faq: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before anything is sent."""
    monkeypatch.setenv("POSTBOTE_PHRASINGS_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("POSTBOTE_PHRASINGS_MODEL", "m")
    write(faq, GOOD)
    assert main(["faq", "phrasings"]) == 1
    assert capsys.readouterr().err.startswith("There is nobody to ask. `--yes` takes all")


@pytest.mark.parametrize("number", ["0", "-3", "viele"])
def test_phrasings_take_a_number_that_is_one(faq: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    """Wrong use, as argparse tells it."""
    with pytest.raises(SystemExit, match="2"):
        main(["faq", "phrasings", "-n", number])
    assert "argument -n/--number" in capsys.readouterr().err
