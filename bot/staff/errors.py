"""What can be wrong with accounts and signing in."""

from bot.errors import PostboteError


class UnknownAgentError(PostboteError):
    """There is no such account."""

    code = "unknown_agent"


class LoginTakenError(PostboteError):
    """Another account has this login."""

    code = "login_taken"


class LastAdminError(PostboteError):
    """Nobody could administer accounts any more."""

    code = "last_admin"
