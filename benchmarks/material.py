"""What the systems are asked."""

import json
import random
from pathlib import Path

PROJECT = Path(__file__).parent.parent
SEED = 20


def messages() -> list[str]:
    """300 of the held-out messages, in an order that is the same in every run."""
    lines = (PROJECT / "tests" / "quality" / "heldout.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return random.Random(SEED).sample(texts, min(300, len(texts)))
