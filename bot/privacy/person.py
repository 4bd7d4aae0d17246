"""Whose data it is about: the owner of a mail address, or a customer of a channel."""

from dataclasses import dataclass
from functools import cached_property

from bot.mailboxes.address import normalise_address
from bot.privacy.errors import UnknownPersonError
from bot.privacy.needle import Needle


@dataclass(frozen=True)
class Person:
    """As the operator named them."""

    mailbox: str | None = None
    """In its one spelling."""
    channel: str | None = None
    """With `customer`: somebody who writes by it."""
    customer: str | None = None
    """The channel's id of them, as in the desk's and the trace's `channel:address`."""

    @property
    def name(self) -> str:
        """As it is asked for."""
        return self.mailbox or f"{self.channel}:{self.customer}"

    @cached_property
    def needle(self) -> Needle | None:
        """What is looked for in texts; None: only what is stored under the id is theirs."""
        return Needle.of_address(self.mailbox) if self.mailbox else Needle.of_id(self.customer or "")


def person_of(text: str) -> Person:
    """A mail address in any spelling, or `channel:id`. Raises UnknownPersonError."""
    if mailbox := normalise_address(text):
        return Person(mailbox)
    channel, _, customer = text.strip().partition(":")
    if not (channel.isidentifier() and customer):
        raise UnknownPersonError(
            f"{text} is neither a mail address nor a customer of a channel. Write anna@example.de, or channel:id such "
            "as telegram:4711 (the desk and python -m bot trace show it)."
        )
    mailbox = normalise_address(customer)
    return Person(mailbox) if mailbox else Person(channel=channel, customer=customer)
