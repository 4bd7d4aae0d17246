"""What compose files and manifests say, as their own tools read them; and whether the code understands it."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, load_settings
from tests.conftest import PROJECT

FOLDER = PROJECT / "docker"
CHECKS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "postbote" / "container-checks" / "bin"
"""Where tools/container-checks installs."""
SUFFIX = "_FILE"


def run(command: list[str | Path], **environment: str) -> str:
    """What it prints; an assertion fails with what it complains of."""
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def find_tool(name: str) -> Path:
    """One of tools/container-checks; the test is skipped where it is not installed."""
    if not (CHECKS / name).exists():
        pytest.skip("Docker Compose, hadolint and kubernetes-validate are missing: tools/container-checks")
    return CHECKS / name


@cache
def compose(*files: str, **environment: str) -> dict[str, Any]:
    """The services and all else of these files together, as Docker Compose understands them."""
    named: list[str | Path] = [word for file in files for word in ("--file", f"docker/{file}")]
    printed = run([find_tool("docker-compose"), *named, "config", "--format", "json"], **environment)
    read: dict[str, Any] = json.loads(printed)
    return read


@cache
def kustomized() -> str:
    """The manifests as `kubectl apply -k` would send them."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is missing (Debian: apt install kubernetes-client)")
    return run(["kubectl", "kustomize", FOLDER / "kubernetes"])


@cache
def manifests() -> list[dict[str, Any]]:
    """Each of them."""
    return list(yaml.safe_load_all(kustomized()))


def load(variables: Mapping[str, str | None], monkeypatch: pytest.MonkeyPatch, folder: Path) -> Settings:
    """The settings that a process has in such an environment; each file that a variable names holds a secret."""
    for name in os.environ:
        if name.startswith("POSTBOTE_") or name == "PORT":
            monkeypatch.delenv(name)
    for name, value in variables.items():
        if name.startswith("POSTBOTE_") and name.endswith(SUFFIX):
            file = folder / Path(str(value)).name
            file.write_text(f"sqlite:///{folder}/a-secret-that-is-long-enough", "utf-8")
            monkeypatch.setenv(name, str(file))
        else:
            monkeypatch.setenv(name, value or "")
    monkeypatch.chdir(folder)
    return load_settings()


def unknown(variables: Mapping[str, Any]) -> list[str]:
    """Those of ours that no setting reads; a process would start without a word."""
    known = {f"POSTBOTE_{name.upper()}" for name in Settings.model_fields}
    ours = {name.removesuffix(SUFFIX) for name in variables if name.startswith("POSTBOTE_")}
    return sorted(ours - known)
