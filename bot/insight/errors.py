"""What can go wrong, by name."""

from bot.errors import PostboteError


class NotRateableError(PostboteError):
    """Only answers from the FAQ can be rated, by the customer who got them."""

    code = "not_rateable"

    def __init__(self, seq: int) -> None:
        super().__init__(f"Message {seq} of this conversation is no answer from the FAQ. Rate one that is.")


class UnknownLetterError(PostboteError):
    """Only what is dead can be tried again, and a mail only while somebody wants it."""

    code = "no_dead_letter"

    def __init__(self, kind: str, letter: str) -> None:
        super().__init__(f"{letter} is no dead letter among the {kind}, or no longer. Load the list again.")
