"""Run a command of Rasa on this project: `python -m bot rasa train`, `data validate`, `test`, `shell` …"""

import argparse
import runpy
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import bot.dialogue  # noqa: F401 -- puts the placeholders in place that `import rasa` needs

# isort: split
from rasa.shared import constants

NEED_ACTIONS = {"shell", "run", "interactive"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is Rasa's: see `python -m bot rasa --help`."""
    parser.prefix_chars = "\0"  # so that options reach Rasa, too
    parser.add_argument("arguments", nargs="*", help="what you would write behind `rasa`")


def run(args: argparse.Namespace) -> int:
    """Rasa's own exit code."""
    sys.argv = ["rasa", *args.arguments]
    # Rasa's default is one file, domain.yml; read before its command line is imported.
    constants.DEFAULT_DOMAIN_PATH = "domain"
    warnings.simplefilter("ignore", DeprecationWarning)
    serving = _action_server() if NEED_ACTIONS.intersection(args.arguments[:1]) else nullcontext()
    try:
        with serving:
            runpy.run_module("rasa", run_name="__main__")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0


@contextmanager
def _action_server() -> Iterator[None]:
    """The custom actions at the address in endpoints.yml, as long as the command runs."""
    server = subprocess.Popen([sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--quiet"])
    try:
        yield
    finally:
        server.terminate()
        server.wait()
