"""Serve: gateway, worker, desk and delivery in one process, until Ctrl-C."""

import argparse

from bot.commands.serving import serve
from bot.wiring import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: see .env.example for the settings."""


def run(args: argparse.Namespace) -> int:
    """See serving."""
    return serve(Role.ALL)
