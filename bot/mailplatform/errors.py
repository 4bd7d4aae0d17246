"""
Why a platform did not answer, as far as it decides what to do next.

| error | tried again at once | counts towards holding off |
|---|---|---|
| UnreachableError | yes | yes |
| TooSlowError | no: the customer has waited long enough | yes |
| BusyError | yes | no: the platform lives, one mailbox is locked |
| PlatformError itself | no: the same question gets the same answer | no |

To customers and to the code above, all are a PlatformError.
"""

from bot.mailboxes.errors import PlatformError


class UnreachableError(PlatformError):
    """Nobody answered: no connection, a broken one, or a server that says that it cannot."""


class TooSlowError(UnreachableError):
    """There was no answer in time."""


class BusyError(PlatformError):
    """It answered that it cannot just now."""
