"""Ticket numbers: the same for the same wish, and found in what customers write."""

import pytest

from bot.tickets.numbers import number_in, number_of


def test_a_number_is_made_of_the_wish() -> None:
    """The same on every attempt, another one where it is taken; always with a digit, which tells it from a word."""
    numbers = [number_of(f"conversation:{message}") for message in range(2000)]
    assert len(set(numbers)) == 2000
    assert all(number_in(number) == number for number in numbers)
    assert number_of("conversation:1") == numbers[1] != number_of("conversation:1", attempt=1)


@pytest.mark.parametrize(
    "text",
    [
        "was ist mit T-JNNHWB2M",
        "t-jnnhwb2m?",
        "ticket tjnnhwb2m",
        "T JNNH WB2M",
        "nummer T-JNNH-WB2M.",
        "T-JNNHWB2M, bitte",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    """In small letters, and in pieces."""
    assert number_in(text) == "T-JNNHWB2M"


def test_what_is_misread_is_put_right() -> None:
    """Crockford's base 32 has no I, L and O."""
    assert number_in("T-OI0000LA") == "T-0100001A"


@pytest.mark.parametrize(
    "text",
    [
        "was mit meinem ticket ist",
        "tickets 20 sind es",
        "teil 3 von 5",
        "Titel 2025",
        "am Tag 12 11 26",
        "thunderbird 102",
        "t-online an mich",
        "T-JNNHWB2MX",
    ],
)
def test_other_words_are_no_numbers(text: str) -> None:
    """Even if they have eight letters behind a T."""
    assert number_in(text) is None
