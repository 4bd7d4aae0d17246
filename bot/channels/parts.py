"""A message as one or more texts that the vendor takes: cut at paragraphs, with its buttons as a list if need be."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from bot.conversations.model import Choice, Message
from bot.conversations.plain import Piece, Style, pieces
from bot.conversations.typed import is_too_long

CUTS = (re.compile(r"\n+"), re.compile(r"(?<=[.!?])\s+"), re.compile(r"\s+"))
"""Where a paragraph that is too long is cut, best first."""


def utf16(text: str) -> int:
    """Length as many vendors count it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Form:
    """What a vendor shows."""

    style: Style
    longest: int
    """Of one text, by `measure`."""
    most_buttons: int = 0
    """Under one text; of more, all become a numbered list."""
    measure: Callable[[str], int] = len
    longest_title: int | None = None
    """Of a button; if one is longer, all become a numbered list."""
    longest_with_buttons: int | None = None
    """Of one text of a message with buttons, where it is less than of another."""
    numbers: bool = False
    """Whether buttons bear the numbers of a list that is there because of a long title."""

    def has_buttons(self, message: Message) -> bool:
        """Whether its buttons can be shown as such."""
        return 0 < len(message.buttons) <= self.most_buttons and not any(
            is_too_long(button.title, self.longest_title) for button in message.buttons
        )

    def buttons(self, message: Message) -> tuple[Choice, ...]:
        """What is shown as buttons under its last text."""
        if self.has_buttons(message):
            return message.buttons
        if not self.numbers or len(message.buttons) > self.most_buttons:
            return ()
        return tuple(Choice(button.id, str(number)) for number, button in enumerate(message.buttons, 1))


def split(message: Message, form: Form) -> list[str]:
    """Texts within the limit, in order; none if there is nothing to show."""
    if form.longest_with_buttons and form.has_buttons(message):
        form = replace(form, longest=form.longest_with_buttons)
    said = pieces(message.text, form.style)
    if message.buttons and not form.has_buttons(message):
        said += _numbered([choice.title for choice in message.buttons], form.style)
    return _pack([fitting for piece in said for fitting in _fit(piece, form)], form)


def _numbered(titles: Sequence[str], style: Style) -> Iterator[Piece]:
    for number, title in enumerate(titles, 1):
        line = f"{number}. {title}"
        yield Piece(style.escape(line), line, "\n\n" if number == 1 else "\n")


def _pack(said: Sequence[Piece], form: Form) -> list[str]:
    texts: list[str] = []
    for piece in said:
        joined = f"{texts[-1]}{piece.before}{piece.text}" if texts else ""
        if joined and form.measure(joined) <= form.longest:
            texts[-1] = joined
        else:
            texts.append(piece.text)
    return texts


def _fit(piece: Piece, form: Form) -> Iterator[Piece]:
    """The piece if it fits; else cut, without marks, because a cut between two of them would leave one alone."""
    if form.measure(piece.text) <= form.longest:
        yield piece
        return
    rest, before = piece.plain, piece.before
    while rest:
        end = _end(rest, form)
        cut, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if cut:
            yield Piece(form.style.escape(cut), cut, before)
        before = " "


def _end(text: str, form: Form) -> int:
    """How much of the text fits, up to the best place to cut it."""
    sizes = accumulate(form.measure(form.style.escape(sign)) for sign in text)
    most = sum(1 for _ in takewhile(lambda size: size <= form.longest, sizes))
    if most == len(text):
        return most
    for cut in CUTS:
        # A cut in the first half would make many short texts.
        places = [found.end() for found in cut.finditer(text, most // 2, most)]
        if places:
            return places[-1]
    return max(1, most)
