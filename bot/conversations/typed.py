"""A button that is chosen by typing, where a channel shows buttons as a list or the customer does not press."""

import re

from bot.conversations.model import Button, Holder, Offer

NUMBER = re.compile(r"\W*(?:nr\.? ?|nummer )?([1-9][0-9]?)\W*", re.IGNORECASE | re.ASCII)
LONGEST = 200


def find_typed(text: str, offer: Offer, most_buttons: int, longest_title: int | None = None) -> Button | None:
    """
    The button that `text` is the title of, or the number if the offer was a list.

    A title always counts. A number counts while the customer has said nothing since, or waits in the queue with the
    way back still on offer; but not while an agent listens, whose question it may answer.
    """
    if len(text) > LONGEST:
        return None
    for button in offer.buttons:
        if _bare(button.title) == _bare(text):
            return button
    was_list = len(offer.buttons) > most_buttons or any(
        is_too_long(button.title, longest_title) for button in offer.buttons
    )
    is_open = offer.holder is Holder.QUEUED or (offer.fresh and offer.holder is not Holder.AGENT)
    number = NUMBER.fullmatch(text) if was_list and is_open else None
    return offer.buttons[int(number[1]) - 1] if number and int(number[1]) <= len(offer.buttons) else None


def is_too_long(title: str, longest: int | None) -> bool:
    """Whether a button cannot hold its title, as vendors count at most: an emoji is two."""
    return longest is not None and len(title.encode("utf-16-le", "surrogatepass")) // 2 > longest


def _bare(text: str) -> str:
    words = re.sub(r"[\W_]+", " ", text).strip()
    return (words or text.strip()).casefold()
