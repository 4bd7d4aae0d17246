"""What `make bench` measures against is a Rasa project that trains: every rule's action is in its domain."""

from pathlib import Path

import pytest
import yaml

from benchmarks.vanilla_project import write_project
from tests.conftest import PROJECT


@pytest.mark.slow
def test_the_vanilla_project_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever procedures come to ours; and every entry of the FAQ is in it."""
    monkeypatch.chdir(PROJECT)
    write_project(Path(), tmp_path / "vanilla")
    domain, rules, nlu = (
        yaml.safe_load((tmp_path / "vanilla" / file).read_text("utf-8"))
        for file in ("domain.yml", "data/rules.yml", "data/nlu.yml")
    )
    answered = {step["action"] for rule in rules["rules"] for step in rule["steps"] if "action" in step}
    assert answered <= {*domain["responses"], "utter_faq"}
    assert {rule["steps"][0]["intent"] for rule in rules["rules"]} == {*domain["intents"], "nlu_fallback"}
    assert all("intent" in block for block in nlu["nlu"])
    assert "utter_faq/ssl-incoming" in domain["responses"]
