"""The root of the errors that Postbote raises on purpose."""


class PostboteError(Exception):
    """
    Something failed in a way that was foreseen.

    The message has three parts: what failed, on which thing, what to do. `code`
    is for machines and never changes; a customer sees neither.
    """

    code = "error"


class SettingsError(PostboteError):
    """A setting is missing or does not fit."""

    code = "settings"
