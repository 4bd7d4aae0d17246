"""What can go wrong when the platform is asked."""

from bot.errors import PostboteError


class UnknownMailboxError(PostboteError):
    """The platform has no such mailbox. Told to nobody who has not proven to own it."""

    code = "unknown_mailbox"


class PlatformError(PostboteError):
    """The platform did not answer, or not as documented; after retries, or at once while it is known to be down."""

    code = "platform"
