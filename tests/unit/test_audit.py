"""What is said of the dependencies' advisories, and when `make audit` fails."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT

ROW = re.compile(
    r"^\| \[(?P<id>[^\]]+)\]\([^)]+\) \| (?P<package>[^|]+) \| (?P<reason>[^|]+) \| (?P<until>[^|]+) \|$", re.M
)


def advisory(id: str, *aliases: str) -> dict[str, Any]:
    """As pip-audit tells of one."""
    return {"id": id, "aliases": list(aliases), "fix_versions": ["2.0"], "description": ""}


def package(name: str, *advisories: dict[str, Any], **other: Any) -> dict[str, Any]:
    """One that is installed."""
    return {"name": name, "version": "1.0", "vulns": list(advisories), **other}


NOTHING = {"vulnerabilities": {}, "auditReportVersion": 2}


class Machine:
    """With tools that answer what a test says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def audit(self, python: Any, npm: Any) -> tuple[int, str]:
        """Exit code and output."""
        tools = {name: self._tool(name, answer) for name, answer in (("PIP_AUDIT", python), ("NPM", npm))}
        command = [sys.executable, PROJECT / "tools" / "audit"]
        done = subprocess.run(command, env=os.environ | tools, capture_output=True, text=True, check=False)
        assert not done.stderr
        return done.returncode, done.stdout

    def _tool(self, name: str, answer: Any) -> str:
        tool = self.folder / name
        content = answer if isinstance(answer, str) else json.dumps(answer)
        tool.write_text(f"#!/bin/sh\ncat <<'END'\n{content}\nEND\n")
        tool.chmod(0o755)
        return str(tool)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Where `make audit` runs."""
    return Machine(tmp_path)


def test_nothing_is_known_of_what_is_installed(machine: Machine) -> None:
    """All is well, but for what the list still names."""
    code, told = machine.audit({"dependencies": [package("aiohttp")]}, NOTHING)
    assert code == 0
    assert "wheel) is not reported any more" in told


def test_a_new_advisory_fails(machine: Machine) -> None:
    """And is named, with what to do."""
    code, told = machine.audit({"dependencies": [package("aiohttp", advisory("PYSEC-1", "GHSA-x"))]}, NOTHING)
    assert code == 1
    assert "aiohttp 1.0: GHSA-x, PYSEC-1; fixed in 2.0. Renew it (make lock)" in told


def test_an_accepted_one_passes(machine: Machine) -> None:
    """By whichever of its names the service calls it."""
    wheel = package("wheel", advisory("PYSEC-2026-1", "CVE-2026-24049", "GHSA-8rrh-rw8j-w5fx"))
    code, told = machine.audit({"dependencies": [wheel]}, NOTHING)
    assert (code, "1 advisories, 0 of them not accepted" in told) == (0, True)


def test_accepted_is_an_advisory_of_one_package(machine: Machine) -> None:
    """Not of another that has the same fault."""
    other = package("setuptools", advisory("GHSA-8rrh-rw8j-w5fx"))
    assert machine.audit({"dependencies": [other]}, NOTHING)[0] == 1


def test_an_advisory_on_a_client_in_javascript_fails(machine: Machine) -> None:
    """Unless it is accepted; what it is found `via` is counted once."""

    def via(id: str) -> dict[str, Any]:
        entry = {"name": "ws", "url": f"https://github.com/advisories/{id}", "range": ">=7 <7.5.10"}
        return {"vulnerabilities": {"ws": {"via": [entry]}, "engine.io-client": {"via": ["ws"]}}}

    fine = {"dependencies": []}
    assert machine.audit(fine, via("GHSA-3h5v-q93c-6h6q"))[0] == 0
    assert machine.audit(fine, via("GHSA-new"))[0] == 1


@pytest.mark.parametrize(
    ("python", "npm"),
    [
        ("", NOTHING),
        ({"dependencies": [{"name": "aiohttp", "skip_reason": "not found"}]}, NOTHING),
        ({"dependencies": []}, {"message": "405 Method Not Allowed", "error": {"summary": ""}}),
        ({"dependencies": []}, "npm error"),
    ],
)
def test_a_service_that_does_not_answer_proves_nothing(machine: Machine, python: Any, npm: Any) -> None:
    """The exit code is one of its own, and it is said; a package that a service does not know counts as such."""
    code, told = machine.audit(python, npm)
    assert (code, "NOT AUDITED" in told) == (75, True)


def test_what_is_found_fails_though_another_service_does_not_answer(machine: Machine) -> None:
    """As half of it is enough to know."""
    assert machine.audit({"dependencies": [package("aiohttp", advisory("PYSEC-1"))]}, "")[0] == 1


def test_one_whose_time_is_over_fails() -> None:
    """So that somebody looks again."""
    names: dict[str, Any] = {"__name__": "audit", "__file__": str(PROJECT / "tools" / "audit")}
    exec(compile((PROJECT / "tools" / "audit").read_text(), "tools/audit", "exec"), names)
    accepted = names["read_accepted"]()
    found = [names["Found"](each.package, "1.0", frozenset([each.id]), "") for each in accepted]
    assert accepted
    for each in accepted:
        faults = names["judge"](found, accepted, each.until)
        assert any(f"{each.id}" in fault and f"accepted until {each.until}" in fault for fault in faults)
    assert names["judge"](found, accepted, min(each.until for each in accepted).replace(year=2000)) == []


def test_security_md_says_what_is_accepted() -> None:
    """The same advisories, packages, reasons and days as tools/audit.toml."""
    accepted = tomllib.loads((PROJECT / "tools" / "audit.toml").read_text())["accepted"]
    shown = [match.groupdict() for match in ROW.finditer((PROJECT / "SECURITY.md").read_text())]
    assert shown == [{**each, "until": each["until"].isoformat()} for each in accepted]
