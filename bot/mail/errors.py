"""What can go wrong with a mail."""

from bot.errors import PostboteError


class MailError(PostboteError):
    """A mail did not go out."""

    code = "mail"

    def __init__(
        self, message: str, *, final: bool = False, gone: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.final = final or gone
        """No later try can succeed."""
        self.gone = gone
        """Because there is no such recipient (any more)."""
        self.retry_after = retry_after
        """Seconds that the server asks us to wait."""
