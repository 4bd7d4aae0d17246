"""Prometheus takes our files, and its own promtool finds that each alarm is raised when it should be, and only then."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import PROJECT

FOLDER = PROJECT / "docker" / "observability"
CASES = Path(__file__).parent / "alerts.yml"

pytestmark = pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is missing (Debian: apt install prometheus)"
)


def promtool(*arguments: object, folder: Path = FOLDER) -> str:
    """What it says; a fault is the test's."""
    done = subprocess.run(
        ["promtool", *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_configuration_with_its_rules() -> None:
    """A fault in it would keep it from starting, and so silence all alarms."""
    assert "SUCCESS: 12 rules found" in promtool("check", "config", "prometheus.yml")


def test_alarms_are_raised_when_they_should_be(tmp_path: Path) -> None:
    """And on a usual day there is quiet; see alerts.yml beside this file."""
    shutil.copy(FOLDER / "alerts.yml", tmp_path / "alerts-under-test.yml")
    shutil.copy(CASES, tmp_path)
    promtool("test", "rules", CASES.name, folder=tmp_path)


def test_every_alarm_is_tried() -> None:
    """One that was added without a case would be one that nobody has seen ring."""
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))
    names = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    assert names == set(re.findall(r"\bPostbote\w+", CASES.read_text("utf-8")))
