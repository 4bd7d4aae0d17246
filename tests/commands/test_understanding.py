"""`python -m bot ask` and `evaluate`, on real models."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

BAKERY = """\
# Bäckerei

## Wann haben Sie geöffnet? {#hours}
- öffnungszeiten

Montag bis Samstag von 6 bis 18 Uhr.

## Kann ich eine Torte vorbestellen? {#cake}
- hochzeitstorte bestellen

Ja, mit drei Tagen Vorlauf.
"""


def run(folder: Path, *arguments: str) -> str:
    """What the command prints, with a database that must stay untouched."""
    environment = os.environ | {"POSTBOTE_DATABASE_URL": f"sqlite:///{folder}/none.db"}
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert not (folder / "none.db").exists()
    return done.stdout


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("text", "decision", "label", "reply"),
    [
        ("welchen port brauch ich für imap mit ssl", "answer", "faq/ssl-incoming", "sslin.de"),
        ("wie stell ich den spamfilter ein", "decline", "out_of_scope", "keine Antwort"),
        ("wie voll ist mein postfach", "action", "check_quota", "Um welches Postfach geht es?"),
        ("mailbox", "clarify", "faq/mailbox-full", "nicht sicher"),
    ],
)
def test_ask_tells_what_the_bot_would_do(tmp_path: Path, text: str, decision: str, label: str, reply: str) -> None:
    """As JSON; in words of the same dialogue that customers have, of which nothing is left."""
    told = json.loads(run(tmp_path, "ask", text))
    assert set(told) == {"intent", "confidence", "decision", "labels", "reply"}
    assert (told["decision"], told["labels"][0]) == (decision, label)
    assert 0 < told["confidence"] <= 1
    assert reply in told["reply"][0]["text"]


def test_evaluate_measures_on_another_faq(tmp_path: Path) -> None:
    """It trains on that folder first, and its labels are that folder's."""
    faq = tmp_path / "faq"
    faq.mkdir()
    (faq / "shop.md").write_text(BAKERY, "utf-8")
    asked = [("öffnungszeiten", "faq/hours"), ("hochzeitstorte bestellen", "faq/cake"), ("hallo", "greet")]
    messages, predictions = tmp_path / "messages.jsonl", tmp_path / "predictions.jsonl"
    messages.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in asked), "utf-8")

    table = run(tmp_path, "evaluate", str(messages), "--faq", str(faq), "--predictions", str(predictions))

    assert "100.0 %" in next(line for line in table.splitlines() if line.startswith("| all"))
    lines = [json.loads(line) for line in predictions.read_text("utf-8").splitlines()]
    assert [set(line) for line in lines] == [{"text", "label", "decision", "labels", "confidence"}] * 3
    assert [(line["text"], *line["labels"]) for line in lines] == asked
