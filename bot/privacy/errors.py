"""What can go wrong with a request about one person."""

from bot.errors import PostboteError


class UnknownPersonError(PostboteError):
    """Neither a mail address nor a customer of a channel."""

    code = "unknown_person"


class UnconfirmedError(PostboteError):
    """Nobody said yes."""

    code = "unconfirmed"
