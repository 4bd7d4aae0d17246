"""What can go wrong, by name."""

from bot.errors import PostboteError


class NotRateableError(PostboteError):
    """Only answers from the FAQ can be rated, by the customer who got them."""

    code = "not_rateable"

    def __init__(self, seq: int) -> None:
        super().__init__(f"Message {seq} of this conversation is no answer from the FAQ. Rate one that is.")
