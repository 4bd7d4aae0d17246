"""The root of the errors that Postbote raises on purpose."""


class PostboteError(Exception):
    """
    Something failed in a way that was foreseen.

    The message has three parts: what failed, on which thing, what to do. `code`
    is for machines and never changes; a customer sees neither.
    """

    code = "error"


class UnavailableError(PostboteError):
    """The database does not answer, or has no room; nothing is wrong with what was asked of it."""

    code = "unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "The database does not answer, or has no room. Try again in a few seconds; what has an id is taken once."
        )
        self.reason = reason
        """What the driver said; for the log alone."""


class SettingsError(PostboteError):
    """A setting is missing or does not fit."""

    code = "settings"
