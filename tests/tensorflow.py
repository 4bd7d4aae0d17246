"""
That Rasa's DIET still trains where the extra is installed: `make test-tensorflow`.

A script of its own, in an environment of its own: TensorFlow keeps numpy at a
version that Postbote does not otherwise need.
"""

import asyncio
import tempfile
from pathlib import Path

import bot.dialogue  # noqa: F401 -- puts the placeholders in place that `import rasa` needs

# isort: split
from rasa.core.agent import Agent
from rasa.model_training import train

CONFIG = """
recipe: default.v1
language: de
assistant_id: trial
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 2
    max_ngram: 4
  - name: DIETClassifier
    epochs: 30
  - name: ResponseSelector
    epochs: 5
policies:
  - name: RulePolicy
  - name: TEDPolicy
    epochs: 2
"""
DATA = """
version: "3.1"
intents: [greet, quota]
responses:
  utter_greet: [{text: Guten Tag}]
  utter_quota: [{text: Halb voll}]
nlu:
  - intent: greet
    examples: |
      - hallo
      - guten tag
      - servus
  - intent: quota
    examples: |
      - wie voll ist mein postfach
      - speicherplatz
      - wie viel platz habe ich noch
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: quota
    steps: [{intent: quota}, {action: utter_quota}]
stories:
  - story: both
    steps: [{intent: greet}, {action: utter_greet}, {intent: quota}, {action: utter_quota}]
"""


def main() -> None:
    """Train a small model with DIET and TED, and let it understand a sentence."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(CONFIG)
        (folder / "data.yml").write_text(DATA)
        data = str(folder / "data.yml")
        result = train(domain=data, config=str(folder / "config.yml"), training_files=data, output=name)
        parsed = asyncio.run(Agent.load(result.model).parse_message("wie voll ist das postfach"))
    assert parsed["intent"]["name"] == "quota", parsed["intent"]
    print(f"DIET trained and understood: {parsed['intent']}")


if __name__ == "__main__":
    main()
