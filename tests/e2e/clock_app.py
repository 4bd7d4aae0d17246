"""`python -m bot run` on a clock that a test moves: clock_app.py FILE, which holds the seconds that it is ahead."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.clock import now
from bot.commands.serving import assemble
from bot.settings import load_settings


def main(file: Path) -> None:
    """Serve until killed."""

    def clock() -> datetime:
        return now() + timedelta(seconds=float(file.read_text()))

    settings = load_settings()
    web.run_app(assemble(settings, clock), host=settings.host, port=settings.port, print=None)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
