"""Commands that a server starts end when it dies, however it dies: their input is a pipe that breaks with it."""

import argparse
import os
import signal
import sys
import threading


def add_argument(parser: argparse.ArgumentParser) -> None:
    """`--attached`."""
    parser.add_argument(
        "--attached", action="store_true", help="end when the input does; for a server that starts this"
    )


def attach(args: argparse.Namespace) -> None:
    """From now on the process is interrupted, as by Ctrl-C, at the end of its input; only with `--attached`."""
    if args.attached:
        threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    # The descriptor itself: a buffer would be locked when the interpreter ends.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGINT)
