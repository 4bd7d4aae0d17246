"""Bring what somebody gives as a mailbox's address to its one spelling, or refuse it."""

import re

import idna

LONGEST = 254
LONGEST_LOCAL_PART = 64
# What hosters give out. RFC 5322 allows more, all of which means something to some system behind: `*` and `?`
# select many mailboxes in Dovecot, `%` is a variable there, quotes and braces are for SQL and templates.
LOCAL_PART = re.compile(r"[a-z0-9_][a-z0-9_+-]*(?:\.[a-z0-9_+-]+)*")
DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}")


def normalise_address(text: str) -> str | None:
    """
    The address in lower case, its domain in ASCII (`anna@müller.de` becomes `anna@xn--mller-kva.de`), without white
    space around it; None for whatever a hoster would not give out as a mailbox.
    """
    text = text.strip()
    local, _, domain = text.partition("@")
    # ASCII is asked for first, as lower() makes letters of other scripts into ASCII: the Kelvin sign into "k".
    if len(text) > LONGEST or not local.isascii():
        return None
    address = f"{local.lower()}@{_ascii_domain(domain)}"
    return address if is_address(address) else None


def is_address(text: str) -> bool:
    """Whether it is an address in its one spelling; only such may go to a platform."""
    local, _, domain = text.partition("@")
    if len(text) > LONGEST or len(local) > LONGEST_LOCAL_PART:
        return False
    return bool(LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(domain))


def _ascii_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""
