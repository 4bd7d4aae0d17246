"""A button that is chosen by typing."""

import pytest

from bot.conversations.model import Button, Holder, Offer
from bot.conversations.typed import find_typed

BACK, LEAVE = Button("Zurück zum Bot", "/resume"), Button("Nachricht hinterlassen", "/leave_message")


def offer(holder: Holder = Holder.BOT, *, fresh: bool = True) -> Offer:
    """Two buttons."""
    return Offer(holder, fresh, (LEAVE, BACK))


@pytest.mark.parametrize("text", ["2", " 2. ", "(2)", "2)", "Nr. 2", "nummer 2", "zurück zum bot", "»Zurück zum Bot!«"])
def test_number_and_title_choose(text: str) -> None:
    """As people type them."""
    assert find_typed(text, offer(), 0) == BACK


@pytest.mark.parametrize("text", ["0", "3", "22", "2 postfächer", "1 oder 2", "-", "", "²", "٢", "2" * 5000, "zurück"])
def test_other_text_is_text(text: str) -> None:
    """Also what only begins like a number or a title."""
    assert find_typed(text, offer(), 0) is None


def test_a_title_that_no_button_holds_makes_a_list() -> None:
    """Then the numbers count."""
    assert find_typed("2", offer(), 3, longest_title=20) == BACK
    assert find_typed("2", offer(), 3, longest_title=23) is None


def test_a_number_chooses_only_from_a_list() -> None:
    """Where buttons are buttons, a number is an answer to something else; a title is still one."""
    assert find_typed("2", offer(), 2) is None
    assert find_typed("Zurück zum Bot", offer(), 2) == BACK


def test_a_number_that_comes_later_is_text() -> None:
    """The customer has gone on to something else since."""
    assert find_typed("2", offer(fresh=False), 0) is None


def test_the_way_back_stays_open_in_the_queue() -> None:
    """Whatever was written for the people in the meantime; but a number that an agent gets is for the agent."""
    assert find_typed("2", offer(Holder.QUEUED, fresh=False), 0) == BACK
    assert find_typed("2", offer(Holder.AGENT, fresh=False), 0) is None
    assert find_typed("2", offer(Holder.AGENT), 0) is None
    assert find_typed("zurück zum bot", offer(Holder.AGENT, fresh=False), 0) == BACK


@pytest.mark.parametrize("text", ["★ 4", "4", "4 Sterne"])
def test_stars_are_told_apart(text: str) -> None:
    """Their titles differ by the number alone."""
    stars = Offer(Holder.CLOSED, True, tuple(Button(f"★ {n}", f"/{n}") for n in range(1, 6)))
    assert find_typed(text, stars, 0) == (stars.buttons[3] if "Sterne" not in text else None)
