"""What is installed is what was looked at: one version of each package, known by its hashes."""

import re

import pytest

from tests.conftest import PROJECT

LOCKS = sorted(file.name for file in PROJECT.glob("requirements*.lock"))


def test_there_are_some() -> None:
    """For running, for developing, and with TensorFlow."""
    assert len(LOCKS) >= 3


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_is_pinned_with_hashes(name: str) -> None:
    """No range, no address to fetch from, no registry of somebody's own."""
    joined = (PROJECT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 50
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]+\])?==[^\s;]+(\s*;[^#]*?)?\s+--hash=sha256:[0-9a-f]{64}", line), line


def test_only_the_locks_are_installed() -> None:
    """A package whose hash is another, or that is not named, ends the installation."""
    setup = (PROJECT / "tools" / "setup").read_text("utf-8")
    installing = [line for line in setup.splitlines() if re.search(r"pip (install|sync)", line)]
    assert installing
    assert all("--require-hashes" in line for line in installing)
