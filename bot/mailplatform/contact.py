"""Judge what a platform has on file as a contact address."""

import structlog

from bot.mailboxes.address import normalise_address

log = structlog.get_logger()


def find_usable_contact(address: str, on_file: str | None) -> str | None:
    """
    The contact in its one spelling; None if there is none, or if it is no use: mail to the mailbox itself may be what
    its owner cannot read. What is no address is logged, without it, and counts as none, so that nobody learns from
    an error that the mailbox exists.
    """
    if not on_file or not on_file.strip():
        return None
    contact = normalise_address(on_file)
    if contact is None:
        log.warning("contact_unusable", domain=address.partition("@")[2])
    return None if contact == address else contact
