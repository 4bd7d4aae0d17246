"""Ask the process that runs beside this one whether it can work; for container platforms, which have no curl there."""

import argparse
import http.client
import os
import sys

PATIENCE = 4.0
"""Seconds; a platform asks again soon."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: the port is the one of the settings."""


def run(args: argparse.Namespace) -> int:
    """0 if it is ready, 1 if not; says why on stderr."""
    # The environment alone: to read all settings would cost ten times as much, every ten seconds.
    port = int(os.environ.get("PORT") or os.environ.get("POSTBOTE_PORT") or 8080)
    host = os.environ.get("POSTBOTE_HOST", "127.0.0.1")
    connection = http.client.HTTPConnection(_near(host), port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        said = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        print(f"Nobody answers on port {port}: {error}", file=sys.stderr)
        return 1
    if answer.status != http.client.OK:
        print(f"Not ready: {said}", file=sys.stderr)
        return 1
    return 0


def _near(host: str) -> str:
    """Where one reaches on this host what listens there."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
