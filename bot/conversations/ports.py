"""What conversations need from others."""

from typing import Protocol

from bot.conversations.model import Reply, Turn


class Dialogue(Protocol):
    """The dialogue engine: text and state in, replies and state out."""

    async def respond(
        self, *, conversation: str, message: str, text: str, choice: str | None, state: str | None
    ) -> Turn:
        """
        Take one turn.

        `conversation` and `message` are the ids that make what actions do idempotent;
        `choice` is the payload of the chosen button (see `Button.payload`), `state` what
        the last turn returned. Turns of one conversation must not overlap. Any exception
        means that the turn had no effect on the state.
        """

    def sentence(self, name: str) -> Reply:
        """The response `name` of the domain, such as `utter_turn_failed`, outside of a turn."""
