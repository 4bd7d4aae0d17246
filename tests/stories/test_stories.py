"""Every story in this folder, told to the real dialogue engine."""

from pathlib import Path

import pytest

from bot.conversations.model import Button, Reply
from bot.dialogue.engine import RasaDialogue
from tests.stories.transcript import Line, read_stories

STORIES = [
    pytest.param(lines, id=f"{file.stem}: {title}")
    for file in sorted(Path(__file__).parent.glob("*.txt"))
    for title, lines in read_stories(file)
]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lines", STORIES)
async def test_the_bot_says_what_the_story_says(dialogue: RasaDialogue, lines: list[Line]) -> None:
    """Each message of the customer is answered by the lines below it, and by no others."""
    state: str | None = None
    said: list[Reply] = []
    buttons: tuple[Button, ...] = ()
    for number, line in enumerate(lines):
        if line.who == "K":
            assert not said, f"The bot also said: {said}"
            button = _button(line.button, buttons) if line.button else None
            turn = await dialogue.respond(
                conversation="story",
                message=str(number),
                text=button.title if button else line.text,
                choice=button.payload if button else None,
                state=state,
            )
            state, said = turn.state, list(turn.replies)
            buttons = said[-1].buttons
        else:
            assert said, f"The bot did not say: {line.text}"
            assert line.allows(said[0].text), f"Expected: {line.text}\nThe bot said: {said[0].text}"
            said.pop(0)
    assert not said, f"The bot also said: {said}"


def _button(title: str, offered: tuple[Button, ...]) -> Button:
    titles = {button.title: button for button in offered}
    assert title in titles, f"There is no button {title!r}, only {list(titles)}"
    return titles[title]
