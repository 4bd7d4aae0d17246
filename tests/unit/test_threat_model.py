"""docs/security/threat-model.md names for each threat the test that shows what keeps it off."""

import re

import pytest

from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "security" / "threat-model.md").read_text("utf-8")
SECTIONS = re.split(r"^### ", PAGE.partition("## What is left")[0], flags=re.MULTILINE)[1:]
BOUNDARIES = {section.partition("\n")[0]: section for section in SECTIONS}
ROW = re.compile(r"^\| (?P<letter>[STRIDE]) \| (?P<threat>[^|]+) \| [^|]+ \| (?P<tests>[^|]+) \|$", re.MULTILINE)


def test_it_speaks_of_every_boundary() -> None:
    """As the issue of it names them."""
    wanted = (
        "Widget",
        "webhooks",
        "Mail",
        "codes",
        "Desk",
        "database",
        "Learning",
        "Attachments",
        "Ticket",
        "Language",
    )
    for each in (*wanted, "Backups", "Supply chain"):
        assert any(each in name for name in BOUNDARIES), each
    assert "```mermaid" in PAGE
    assert "## What is left" in PAGE


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_each_boundary_is_looked_at_from_six_sides(boundary: str) -> None:
    """Every row of the table is well formed, and every letter of STRIDE is there."""
    rows = [line for line in BOUNDARIES[boundary].splitlines() if re.match(r"\| [A-Z] \|", line)]
    found = list(ROW.finditer(BOUNDARIES[boundary]))
    assert len(found) == len(rows)
    assert {row["letter"] for row in found} == set("STRIDE")


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_each_threat_names_a_test_that_there_is(boundary: str) -> None:
    """A file of tests, with tests in it."""
    for row in ROW.finditer(BOUNDARIES[boundary]):
        files = re.findall(r"`(tests/[^`]+\.py)`", row["tests"])
        assert files, row["threat"]
        for file in files:
            assert (PROJECT / file).is_file(), f"{row['threat']}: {file} is not there."
            assert "def test_" in (PROJECT / file).read_text("utf-8"), file
