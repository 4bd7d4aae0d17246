"""What can be wrong with accounts, signing in and canned replies."""

from datetime import datetime

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


class InvalidAccountError(PostboteError):
    """A field of an account does not fit."""

    code = "invalid"


class WeakPasswordError(PostboteError):
    """A new password that is too easy."""

    code = "weak_password"


class WrongPasswordError(PostboteError):
    """Login and password are not those of an account that may sign in; which of them is wrong is not said."""

    code = "wrong_password"


class LockedError(PostboteError):
    """Too many wrong passwords."""

    code = "locked"

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Too many wrong passwords. Try again after {until:%H:%M} UTC, or ask an admin.")
        self.until = until


class IdentityError(PostboteError):
    """The identity provider does not answer, or not as it should."""

    code = "oidc_failed"


class DeniedError(IdentityError):
    """Somebody did not want to sign in there, or was not allowed to."""

    code = "oidc_denied"


class NotInvitedError(PostboteError):
    """The identity provider knows them, but they have no account here that they may use."""

    code = "oidc_unknown"


class UnknownReplyError(PostboteError):
    """There is no such canned reply."""

    code = "unknown_reply"


class TitleTakenError(PostboteError):
    """Another canned reply has this title."""

    code = "title_taken"


class UnknownPlaceholderError(PostboteError):
    """A canned reply has something in braces that nothing is put in for."""

    code = "unknown_placeholder"
