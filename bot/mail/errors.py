"""What can go wrong with a mail."""

from bot.errors import PostboteError


class MailError(PostboteError):
    """A mail did not go out. After `final` no later try can succeed."""

    code = "mail"

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final
