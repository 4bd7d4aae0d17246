"""Print as JSON what the bot would do with a text: intent, confidence, decision, labels, reply."""

import argparse
import asyncio
import json

from bot.conversations.model import Reply, Waiting
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model
from bot.log import configure, tell
from bot.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument("text", help="what a customer would write")


def run(args: argparse.Namespace) -> int:
    """Take one turn in a new conversation that is not kept."""
    settings = load_settings()
    configure(settings)
    model = ensure_model(settings.project, settings.models, settings.faq, report=tell)
    dialogue = RasaDialogue.load(model)
    understood = dialogue.understand(args.text)
    turn = asyncio.run(dialogue.respond(Waiting("ask", 1, "ask", args.text, choice=None, state=None)))
    print(
        json.dumps(
            {
                "intent": understood.intent,
                "confidence": round(turn.confidence, 3),
                "decision": turn.decision,
                "labels": turn.labels,
                "reply": [_shown(reply) for reply in turn.replies],
            },
            ensure_ascii=False,
            indent=2,
        )
    )
    return 0


def _shown(reply: Reply) -> dict[str, object]:
    shown: dict[str, object] = {"text": reply.text}
    if reply.buttons:
        shown["buttons"] = [button.title for button in reply.buttons]
    return shown
