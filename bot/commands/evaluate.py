"""Measure understanding on a file of labelled messages, JSON lines of {"text", "label"}."""

import argparse
import json
from pathlib import Path

from bot.commands import attached
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import ensure_model
from bot.evaluation.examples import read_examples
from bot.evaluation.measure import judge
from bot.evaluation.report import figures, predictions, table
from bot.log import configure, tell
from bot.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument("file", type=Path, help="labelled messages; a label is faq/<slug>, an intent or out_of_scope")
    parser.add_argument("--faq", type=Path, metavar="DIR", help="train on this FAQ folder, not on the project's")
    parser.add_argument("--model", type=Path, metavar="FILE", help="measure this model, not the present one")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of the table")
    attached.add_argument(parser)
    parser.add_argument("--predictions", type=Path, metavar="OUT.jsonl", help="write what the bot would do with each")


def run(args: argparse.Namespace) -> int:
    """Print the table, or the figures."""
    attached.attach(args)
    settings = load_settings()
    configure(settings)
    faq = args.faq or settings.faq
    model = args.model or ensure_model(settings.project, settings.models, faq, report=tell)
    dialogue = RasaDialogue.load(model)
    judged = judge(read_examples(args.file, dialogue.labels), dialogue.understand)
    if args.predictions:
        args.predictions.write_text("".join(f"{line}\n" for line in predictions(judged)), "utf-8")
    print(json.dumps(figures(judged), ensure_ascii=False) if args.json else table(judged))
    return 0
