"""Read doveadm's answer to `quotaGet`."""

from typing import Any

from bot.mailboxes.errors import PlatformError

KIB = 1024
NO_LIMIT = "-"


def read_storage(answer: Any, root: str) -> tuple[int, int | None]:
    """
    Bytes used and bytes in total (None without a limit) of the quota root of that name, or of the only one.

    `answer` is a list of `{"root": "User quota", "type": "STORAGE", "value": "655", "limit": "1024"}`, one for each
    root and type, in KiB. Raises PlatformError when it is something else, or more than one mailbox's.
    """
    try:
        rows = [row for row in answer if row["type"] == "STORAGE" and (not root or row["root"] == root)]
        # Dovecot names users only when it took what it was asked for as a pattern.
        if any("username" in row for row in rows):
            raise PlatformError("Dovecot answered quotaGet with several mailboxes; none of them is shown.")
        if len(rows) != 1:
            raise PlatformError(
                f"Dovecot has {len(rows)} quota roots with a storage limit for this mailbox and is asked for one. "
                "Load its quota plugin, or name the root in POSTBOTE_DOVEADM_QUOTA_ROOT."
            )
        limit = rows[0]["limit"]
        return _bytes(rows[0]["value"]), None if limit == NO_LIMIT else _bytes(limit)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlatformError("Dovecot answered quotaGet in a way that is not documented.") from error


def _bytes(kib: str) -> int:
    if not kib.isdecimal():
        raise ValueError(kib)
    return int(kib) * KIB
