"""Serve the doors of customers and vendors, beside workers and a desk; needs PostgreSQL."""

import argparse

from bot.commands.serving import serve
from bot.wiring import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: see .env.example for the settings."""


def run(args: argparse.Namespace) -> int:
    """See serving."""
    return serve(Role.GATEWAY)
