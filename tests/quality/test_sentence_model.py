"""A project whose config.yml names a sentence model, from training to the answer."""

from pathlib import Path

import pytest
import yaml

from bot.conversations.model import Decision
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model, fingerprint
from bot.errors import SettingsError
from tests.conftest import PROJECT
from tests.sentence_model import export

pytestmark = pytest.mark.slow

ENTRY = """# Backstube
## Kann ich eine Torte bestellen? {#cake}
- Torte
- Torte bestellen
- Torte vorbestellen

Ja, mit drei Tagen Vorlauf.

## Wann haben Sie auf? {#hours}
- offen
- Wann ist auf?

Von 6 bis 18 Uhr.
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ours, with the model and a bakery's FAQ."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("domain", "data", "bot", "requirements.lock"):
        (folder / name).symlink_to(PROJECT / name)
    config = yaml.safe_load((PROJECT / "config.yml").read_text("utf-8"))
    config["pipeline"][0]["dense"] = {"folder": str(export(folder / "sentences"))}
    (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
    (folder / "faq").mkdir()
    (folder / "faq" / "bakery.md").write_text(ENTRY, "utf-8")
    return folder


def test_a_word_that_stands_nowhere_is_understood(project: Path) -> None:
    """The model knows that it means the same as one that does; training says what it is busy with."""
    told: list[str] = []
    model = ensure_model(project, project / "models", project / "faq", report=told.append)
    assert [line for line in told if "texts read by the sentence model" in line]
    for word in ("Gebäck", "kuchen"):
        understood = RasaDialogue.load(model).understand(word)
        assert (understood.decision, understood.labels) == (Decision.ANSWER, ("faq/cake",)), word


def test_another_model_is_trained_with(project: Path, tmp_path: Path) -> None:
    """Like any other source; and one that is gone is named at once."""
    sentences = project / "sentences" / "tokenizer.json"
    before, content = fingerprint(project, project / "faq"), sentences.read_text("utf-8")
    sentences.write_text(f"{content}\n", "utf-8")
    assert fingerprint(project, project / "faq") != before
    sentences.rename(tmp_path / "tokenizer.json")
    with pytest.raises(SettingsError, match=r"names a sentence model in .*, where no tokenizer\.json is"):
        ensure_model(project, project / "models", project / "faq", report=print)
