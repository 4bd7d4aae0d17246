"""Mails that no person wrote, and that must not be answered: RFC 3834, lists, bulk, robots, spam, ourselves."""

import re
from collections.abc import Callable, Sequence
from email.message import Message

from bot.channels.mail.heads import addresses, field, fields

ROBOTS = re.compile(
    r"(?:mailer-?daemon|postmaster|listserv|majordomo|nobody|bounces?|(?:auto-?)?notifications?|alerts?"
    r"|.*no-?_?\.?reply.*|.*do-?_?not-?_?reply.*|.*keine-?_?antwort.*|.*nicht-?_?antworten.*"
    r"|owner-.*|.*-owner|.*-request|.*-bounces?(?:[+=].*)?|bounces?[+=-].*|prvs=.*|srs[01]=.*)",
    re.IGNORECASE,
)
"""Names before the @ that are no person's."""
SUPPRESSED = frozenset({"all", "oof", "autoreply"})
"""https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail, X-Auto-Response-Suppress"""
LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "Mailing-List")
ROBOT_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply", "X-Loop")


def find_reason(message: Message, person: str, own: Sequence[str]) -> str | None:
    """Why the mail is not to be answered; None if it may be. `own` are our addresses, in small letters."""
    senders = [person, *addresses(message, "From"), *addresses(message, "Sender")]
    if any(each.casefold() in own for each in senders):
        return "it is our own"
    if robot := next((each for each in senders if is_robot(each)), None):
        return f"{robot.split('@')[0]} is no person"
    return next((reason for check in _CHECKS if (reason := check(message))), None)


def is_robot(address: str) -> bool:
    """
    By its name.

    >>> is_robot("no-reply@shop.example"), is_robot("reply@shop.example")
    (True, False)
    """
    return ROBOTS.fullmatch(address.rpartition("@")[0]) is not None


def _auto_submitted(message: Message) -> str | None:
    value = field(message, "Auto-Submitted").casefold()
    return f"Auto-Submitted: {value}" if value and value.split(";")[0].strip() != "no" else None


def _precedence(message: Message) -> str | None:
    values = {*fields(message, "Precedence"), *fields(message, "X-Precedence")}
    found = {"bulk", "list", "junk", "auto_reply"} & {value.casefold() for value in values}
    return f"Precedence: {min(found)}" if found else None


def _list(message: Message) -> str | None:
    return next((name for name in LISTS if name in message), None)


def _robot_field(message: Message) -> str | None:
    return next((name for name in ROBOT_FIELDS if name in message), None)


def _suppressed(message: Message) -> str | None:
    value = field(message, "X-Auto-Response-Suppress")
    wanted = SUPPRESSED & {each.strip().casefold() for each in value.split(",")}
    return f"X-Auto-Response-Suppress: {value}" if wanted else None


def _no_way_back(message: Message) -> str | None:
    return "Return-Path: <>" if field(message, "Return-Path").replace(" ", "") == "<>" else None


def _report(message: Message) -> str | None:
    return "a report" if message.get_content_type() == "multipart/report" else None


def _spam(message: Message) -> str | None:
    return "X-Spam-Flag: YES" if field(message, "X-Spam-Flag").casefold() == "yes" else None


_CHECKS: tuple[Callable[[Message], str | None], ...] = (
    _auto_submitted,
    _precedence,
    _list,
    _robot_field,
    _suppressed,
    _no_way_back,
    _report,
    _spam,
)
