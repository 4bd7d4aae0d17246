"""Train the model if it is missing or its sources changed."""

import argparse

from bot.commands import attached
from bot.dialogue.training import ensure_model
from bot.log import tell
from bot.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument("--force", action="store_true", help="train although the model is current")
    attached.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Tell what is done, print the model's path."""
    attached.attach(args)
    settings = load_settings()
    path = ensure_model(settings.project, settings.models, settings.faq, report=tell, force=args.force)
    print(path)
    return 0
