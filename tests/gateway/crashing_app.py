"""The real application with a slow fake dialogue, as a process that a test can kill: crashing_app.py DATABASE PORT."""

import asyncio
import os
import signal
import sys

from aiohttp import web

from bot.conversations.model import Turn, Waiting
from bot.gateway.app import create_app
from bot.settings import load_settings
from bot.wiring import build
from tests.fakes import FakeDialogue

POISON = "gift"


class SlowDialogue(FakeDialogue):
    """Takes long enough that a kill hits turns under way; POISON kills the process at once."""

    async def respond(self, waiting: Waiting) -> Turn:
        """See FakeDialogue."""
        if waiting.text == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0.02)
        return await super().respond(waiting)


def main(database: str, port: str) -> None:
    """Serve until killed."""
    settings = load_settings(
        database_url=f"sqlite:///{database}",
        messages_per_minute=10_000,
        unlimited_from=("127.0.0.1",),
        log_level="error",
    )
    web.run_app(create_app(build(settings, SlowDialogue())), host="127.0.0.1", port=int(port), print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
