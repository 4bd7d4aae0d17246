"""Print as JSON what the bot would do with a text: intent, confidence, decision, labels, reply."""

import argparse
import asyncio
import json
import tempfile

from actions._wiring import provide
from bot.conversations.model import Reply, Turn, Waiting
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.live import LiveDialogue
from bot.dialogue.training import ensure_model, fingerprint
from bot.log import configure, tell
from bot.settings import Settings, load_settings
from bot.wiring import build


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
    turn = asyncio.run(_turn(args.text, settings, _live(settings, dialogue)))
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


def _live(settings: Settings, dialogue: RasaDialogue) -> LiveDialogue:
    return LiveDialogue(settings.models, fingerprint(settings.project, settings.faq), dialogue)


async def _turn(text: str, settings: Settings, dialogue: LiveDialogue) -> Turn:
    """With a database that is empty and goes away again, and without the loops by which mails and tickets leave."""
    with tempfile.TemporaryDirectory() as folder:
        services = build(settings.model_copy(update={"database_url": f"sqlite:///{folder}/ask.db"}), dialogue)
        try:
            await services.database.migrate()
            conversation = await services.conversations.begin("ask", "ask")
            provide(services.accounts)
            return await dialogue.respond(Waiting(conversation, 1, "ask", text, choice=None, state=None))
        finally:
            provide(None)
            await services.close()


def _shown(reply: Reply) -> dict[str, object]:
    shown: dict[str, object] = {"text": reply.text}
    if reply.buttons:
        shown["buttons"] = [button.title for button in reply.buttons]
    return shown
