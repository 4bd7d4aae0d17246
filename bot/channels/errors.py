"""What can go wrong at a channel's door, by name."""

from bot.errors import PostboteError


class ForgedError(PostboteError):
    """A call that the vendor did not sign."""

    code = "forged"


class ForeignError(PostboteError):
    """A payload that is not of the vendor's form."""

    code = "foreign"


class ChannelError(PostboteError):
    """The vendor does not answer, or does not accept our credentials."""

    code = "channel"
