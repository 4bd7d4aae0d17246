"""Derive Rasa training data from the FAQ: examples, responses and the rule that answers."""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml

from bot.faq.model import Entry, Faq
from bot.faq.reader import read_faq

RETRIEVAL_INTENT = "faq"
# One rule for any number of entries: RulePolicy walks all rules at each prediction.
RULES = """
version: "3.1"
rules:
  - rule: Answer from the FAQ
    steps:
      - intent: faq
      - action: utter_faq
"""


def label(entry: Entry) -> str:
    """The entry's name as a retrieval intent: `faq/<slug>`."""
    return f"{RETRIEVAL_INTENT}/{entry.slug}"


def responses(faq: Faq) -> dict[str, list[dict[str, Any]]]:
    """`utter_faq/<slug>` -> its answer; the question and topic go along for buttons and `help`."""
    return {
        f"utter_{label(entry)}": [
            {"text": entry.answer, "metadata": {"title": entry.question.text, "topic": entry.topic}}
        ]
        for entry in faq.entries
    }


class FaqImporter(TrainingDataImporter):
    """
    What `data/faq/*.md` means to Rasa.

    Named in `config.yml` under `importers`, with the folder as `faq:`; standard
    files (domain, data) are read by Rasa's own importer beside it.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        faq: str = "data/faq",
        **_: Any,
    ) -> None:
        self._faq = read_faq(Path(faq))

    def get_domain(self) -> Domain:
        """The retrieval intent and a response per entry."""
        return Domain.from_dict({"intents": [RETRIEVAL_INTENT], "responses": responses(self._faq)})

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The one rule that answers."""
        return StoryGraph(YAMLStoryReader().read_from_parsed_yaml(read_yaml(RULES)))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Every question and phrasing as an example of `faq/<slug>`; and the answers, whose words say a lot, too."""
        return TrainingData(
            training_examples=[
                Message.build(text=text, intent=label(entry)) for entry in self._faq.entries for text in entry.examples
            ],
            responses=responses(self._faq),
        )

    def get_config(self) -> dict[str, Any]:
        """Nothing: the configuration is Rasa's own importer's."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """None, see `get_config`."""
        return None
