"""What `faq check` finds, and what it lets pass."""

from pathlib import Path

import pytest

from bot.faq.check import LONGEST_ANSWER, check_faq
from bot.faq.findings import FaqError

GOOD = """\
# Konto

## Wie kündige ich? {#kuendigen}
- vertrag beenden

So. Siehe [oben](#kuendigen), [Seite](https://example.de/a?b=c#d), <mailto:a@example.de>, [Anruf](tel:+49301234).
"""


def complaints(folder: Path, text: str, **others: str) -> list[str]:
    """The findings for `a.md` (and others by stem), each without the folder's path."""
    for name, content in {"a": text, **others}.items():
        (folder / f"{name}.md").write_text(content, encoding="utf-8")
    try:
        check_faq(folder)
    except FaqError as error:
        return [str(finding).replace(f"{folder}/", "") for finding in error.findings]
    return []


def entry(heading: str = "Wie? {#wie}", body: str = "So.") -> str:
    return f"# Thema\n\n## {heading}\n{body}\n"


def test_good_faq_is_returned(tmp_path: Path) -> None:
    """Checking and reading are one step for those who train."""
    assert complaints(tmp_path, GOOD) == []
    assert [entry.slug for entry in check_faq(tmp_path).entries] == ["kuendigen"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Wie? {#wie}\nSo.\n", "a.md:1: the file has no topic. Begin it with a line `# Topic`."),
        ("# Thema\n", "a.md:1: the file has no entry."),
        ("#\n\n## Wie? {#wie}\nSo.\n", "a.md:1: the topic is empty."),
        ("## Wie? {#wie}\nSo.\n# Thema\n", "a.md:3: the topic stands below an entry."),
        ("# Thema\n## Wie? {#wie}\nSo.\n# Noch eins\n", "a.md:4: a second topic `# Noch eins`. A file is one topic"),
        (entry("Wie kündige ich?"), "a.md:3: the heading has no slug. End the heading with one, such as `{#kuendige}`"),
        (entry("Wie? {wie-geht}"), "a.md:3: the slug `{wie-geht}` is written wrongly. Write `{#wie-geht}`, with `#`"),
        (entry("Wie? { #Wie}"), "a.md:3: the slug `{ #Wie}` is written wrongly. Write `{#wie}`"),
        (entry("Wie? {#Größe_zwei}"), "a.md:3: the slug `Größe_zwei` is not allowed. Only a-z, 0-9 and single hyphens"),
        (entry("Wie? {#Größe_zwei}"), "`{#groesse-zwei}`"),
        (entry("Wie? {#a--b}"), "a.md:3: the slug `a--b` is not allowed."),
        (entry("{#wie}"), "a.md:3: the heading has no question."),
        (entry(body=""), "a.md:3: the entry has no answer. Write it below the heading."),
        (entry(body="- was\n- wo"), "a.md:3: the entry has no answer, only a list. A list directly below the heading"),
        (entry(body="So.\n##Was? {#was}\nDas."), "a.md:5: `##Was? {#was}` is meant as an entry, but is none."),
        (entry(body="So.\n### Was? {#was}\nDas."), "a.md:5: `Was? {#was}` is meant as an entry, but is none."),
        (entry(body="- /restart\n\nSo."), "a.md:4: `/restart` begins with `/`."),
        (entry(body="- ???\n\nSo."), "a.md:4: `???` has no words."),
        (entry(body="- wie\n\nSo."), "a.md:4: `wie` already stands in line 3 of the entry. Take one of the two out."),
        (entry(body="x" * (LONGEST_ANSWER + 1)), "a.md:4: the answer has 4097 characters; a messenger takes 4096."),
        (entry(body="So\nund [so](#was)."), "a.md:5: the link `#was` leads to no entry."),
        (entry(body="So.\n\n- a\n- [b](#)"), "a.md:7: the link `#` leads to no entry."),
        (
            entry(body="[a](www.a.de)"),
            "a.md:4: the link `www.a.de` is not a whole address. Write it so: `https://www.a.de`.",
        ),
        (entry(body="[a](/hilfe)"), "Write it so: `https://www.example.de/hilfe`."),
        (entry(body="[a](//a.de/b)"), "Write it so: `https://a.de/b`."),
        (entry(body="[a](ftp://a.de)"), "a.md:4: the link `ftp://a.de` is not a whole address."),
        (entry(body="[a](JavaScript:alert)"), "a.md:4: the link `JavaScript:alert` is a script."),
        (entry(body="![a](data:image/png;base64,AA)"), "a.md:4: the link `data:image/png;base64,AA` is a script."),
        (entry(body="[a](https:///b)"), "a.md:4: the link `https:///b` leads nowhere."),
        (entry(body="[a](<mailto:>)"), "a.md:4: the link `mailto:` leads nowhere."),
    ],
)
def test_finding_names_place_problem_and_remedy(tmp_path: Path, text: str, expected: str) -> None:
    """Each slip has one finding, which an editor understands without this code."""
    [finding] = complaints(tmp_path, text)
    assert expected in finding


def test_longest_answer_passes(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    assert complaints(tmp_path, entry(body="ü" * LONGEST_ANSWER)) == []


def test_duplicate_slug_names_both_places(tmp_path: Path) -> None:
    """Also across files."""
    expected = (
        "b.md:3: the slug `wie` also stands in a.md:3. A slug names one entry: give the newer of the two another one."
    )
    assert complaints(tmp_path, entry(), b=entry("Was? {#wie}")) == [expected]


@pytest.mark.parametrize("phrasing", ["Wie voll?", "WIE, VOLL", "„wie voll“"])
def test_phrasing_under_two_entries_names_both_places(tmp_path: Path, phrasing: str) -> None:
    """Capitals, punctuation and quotation marks make no other phrasing of it."""
    [finding] = complaints(tmp_path, entry(body="- wie voll\n\nSo."), b=entry("Was? {#was}", f"- {phrasing}\n\nDas."))
    assert finding.startswith("b.md:4: ")
    assert "also stands in a.md:4, under another entry" in finding


def test_umlauts_written_out_are_the_same(tmp_path: Path) -> None:
    """`ae` and `ä`, `ss` and `ß`."""
    [finding] = complaints(tmp_path, entry(body="- größe ändern\n- groesse aendern\n\nSo."))
    assert finding.startswith("a.md:5: `groesse aendern` already stands in line 4")


def test_links_in_code_are_none(tmp_path: Path) -> None:
    """What stands in code is shown, not linked."""
    assert complaints(tmp_path, entry(body="So: `[a](#b)`\n\n```\n[a](/b)\n```")) == []


def test_all_findings_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    """So that an editor goes through a file from top to bottom."""
    findings = complaints(tmp_path, entry(body="[x](y)"), b=entry("Was?", "[x](#y)"), c="nichts")
    assert [finding.split(": ")[0] for finding in findings] == ["a.md:4", "b.md:3", "b.md:4", "c.md:1", "c.md:1"]
