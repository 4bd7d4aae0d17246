"""The stand-in for packages that Rasa imports and Postbote does not use."""

import subprocess
import sys

PROBE = """
from bot.dialogue import absent
absent.install()
absent.install()
{code}
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: what is imported stays imported."""
    command = [sys.executable, "-W", "ignore", "-c", PROBE.format(code=code)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_using_a_missing_package_says_what_to_install() -> None:
    """Importing and naming its parts is free; calling one names the package and the command."""
    done = run("from webexteamssdk import WebexTeamsAPI\nclass Mine(WebexTeamsAPI): pass\nWebexTeamsAPI()")

    assert "webexteamssdk.WebexTeamsAPI was used, but webexteamssdk is not installed" in done.stderr
    assert "pip install webexteamssdk" in done.stderr


def test_an_installed_package_wins() -> None:
    """The stand-in comes last on the import path."""
    done = run("absent.EXTRAS['json'] = ''\nimport json\nprint(json.dumps([1]))")

    assert done.stdout == "[1]\n"


def test_other_packages_are_missed_as_ever() -> None:
    """Only the packages that Rasa imports are answered for."""
    assert "ModuleNotFoundError" in run("import no_such_package").stderr
