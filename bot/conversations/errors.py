"""What can go wrong with a message, by name."""

from bot.errors import PostboteError

UNTIL_THEY_WRITE = 30 * 86_400.0
"""`retry_after` of what a vendor takes only when the customer has written: it is sent as soon as they do."""


class UnknownChoiceError(PostboteError):
    """A button that this conversation was not offered."""

    code = "unknown_choice"

    def __init__(self) -> None:
        super().__init__("This conversation was not offered that button. Send the button's id as it came, or a text.")


class TooManyError(PostboteError):
    """More than the limits allow."""

    code = "too_many"

    def __init__(self, message: str, *, wait: int = 5) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds until there is room again, as far as one can say."""


class DeliveryError(PostboteError):
    """A channel did not take a message."""

    code = "delivery"

    def __init__(
        self, message: str, *, final: bool = False, gone: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.final = final or gone
        """No later try can succeed."""
        self.gone = gone
        """Because the customer blocks us, or is no more; nothing else will reach them either."""
        self.retry_after = retry_after
        """Seconds that the channel asks us to wait."""
        self.parts_sent = 0
        """How many parts of the message have arrived nevertheless."""


class TooLargeError(DeliveryError):
    """A file that a customer attached has more bytes than may be kept."""

    code = "too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The file has more than {most} bytes.", final=True)
