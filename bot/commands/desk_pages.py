"""Serve the desk's pages, beside gateways and workers; needs PostgreSQL."""

import argparse

from bot.commands.serving import serve
from bot.wiring import Role


def run(args: argparse.Namespace) -> int:
    """See serving."""
    return serve(Role.DESK)
