"""Train the model if it is missing or its sources changed."""

import argparse

from bot.dialogue.training import ensure_model
from bot.log import tell
from bot.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument("--force", action="store_true", help="train although the model is current")


def run(args: argparse.Namespace) -> int:
    """Print what is done, then the model's path."""
    settings = load_settings()
    path = ensure_model(settings.project, settings.models, settings.faq, report=tell, force=args.force)
    print(f"Model: {path}")
    return 0
