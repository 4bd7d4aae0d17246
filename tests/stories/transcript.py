"""
Conversations as people would write them down.

    # Title of the story
    K: what the customer (Kunde) writes
    B: what the bot answers; … stands for any text
    K: [Title of a button]
    X: what happens at the desk: takes, hands back, closes, closed, full, open (see ACTS in test_stories.py)
    N: the notice that the customer gets of it
    A: what the agent writes

Stories are separated by their titles; a `B:` with several paragraphs goes on
in lines that are indented.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One message of a story."""

    who: str
    """`K`, `B`, `X`, `N` or `A`."""
    text: str

    @property
    def button(self) -> str | None:
        """The title of the button that is pressed, if one is."""
        pressed = re.fullmatch(r"\[(.+)\]", self.text)
        return pressed[1] if pressed else None

    def allows(self, said: str) -> bool:
        """Whether the bot may have said this, with … for any text."""
        pattern = ".*".join(map(re.escape, re.split(r"\s*…\s*", self.text)))
        return re.fullmatch(pattern, said.replace("\N{NO-BREAK SPACE}", " "), re.DOTALL) is not None


def read_stories(file: Path) -> list[tuple[str, list[Line]]]:
    """(title, lines) of each story in the file."""
    stories: list[tuple[str, list[Line]]] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("# "):
            stories.append((line[2:], []))
        elif match := re.match(r"([KBXNA]): (.*)", line):
            stories[-1][1].append(Line(*match.groups()))
        elif line.startswith("   ") and stories[-1][1]:
            last = stories[-1][1].pop()
            stories[-1][1].append(Line(last.who, f"{last.text}\n{line.strip()}"))
    return stories
