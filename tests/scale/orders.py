"""Customers who need other systems: they order restores, which become tickets, or ask for their quota."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, repeat
from typing import Any, Protocol

import jwt
from aiohttp import web

from bot.clock import now
from tests.contract.ticket_fakes import ZammadApp
from tests.scale.customers import Customer, Door, RestCustomer, Step
from tests.scale.ledger import Audit, Ledger

KEY = "ein schlüssel nur für diesen test, lang genug"
NUMBER = re.compile(r"T-[0-9A-Z]{8}")
TOKENS = {"token_keys": f'{{"test": {{"algorithm": "HS256", "key": "{KEY}"}}}}'}
ANNA = "anna@lindenpost.example"
"""Whom the platform knows."""
SEED = 12


class Sized(Protocol):
    """How much each customer says."""

    messages: int


class Zammad(ZammadApp):
    """Notes when tickets came."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[float] = []
        self._changed = asyncio.Condition()

    async def has(self, count: int) -> None:
        """Returns as soon as there are so many."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.tickets) >= count)

    async def _create(self, request: web.Request) -> web.Response:
        answer = await super()._create(request)
        async with self._changed:
            self.opened.append(time.monotonic())
            self._changed.notify_all()
        return answer


def settings(url: str) -> dict[str, str]:
    """Of processes that deliver there."""
    return TOKENS | {
        "tickets": "zammad",
        "tickets_url": url,
        "tickets_token": ZammadApp.token,
        "tickets_queue": "Restores",
        "tickets_timeout": "1",
    }


def customer(door: Door, number: int, size: Sized) -> tuple[Customer, Iterator[Step]]:
    """Orders a restore of a mailbox of their own."""
    metadata = _proof(f"kunde{number}@beispiel.de")
    steps = (
        ("stellt mir bitte das ganze postfach von gestern 16 uhr wieder her", r"Wohin sollen"),
        ("in einen unterordner", r"Unter welcher"),
        ("0171 2345678", r"Ich fasse zusammen"),
        ("ja", NUMBER.pattern),
    )
    script = (Step(text, re.compile(pattern).search, metadata) for text, pattern in steps)
    return RestCustomer(door, number, SEED), script


def audit(zammad: Zammad, ledger: Ledger, audit: Audit) -> None:
    """Each number that a customer was told is one ticket's."""
    told = Counter(found[0] for line in ledger.lines if (found := NUMBER.search(line.answer)))
    there = Counter(number for each in zammad.tickets.values() for number in NUMBER.findall(each["title"]))
    audit.lost += [f"the ticket {number} was not delivered" for number in told - there]
    audit.doubled += [f"the ticket {number} was delivered {n} times" for number, n in there.items() if n > 1]
    audit.doubled += [f"the ticket {number} was promised to {n} customers" for number, n in told.items() if n > 1]
    audit.doubled += [f"the ticket {number} was promised to nobody" for number in there if number not in told]


def platform_settings(url: str, key: str) -> dict[str, str]:
    """Of processes that ask a Dovecot there."""
    return TOKENS | {"mailboxes": "doveadm", "doveadm_url": url, "doveadm_api_key": key}


def asker(door: Door, number: int, size: Sized) -> tuple[Customer, Iterator[Step]]:
    """Asks how full the mailbox is, so often that it sees the platform come back."""
    step = Step("wie voll ist mein postfach", lambda text: is_figure(text) or is_apology(text), _proof(ANNA))
    return RestCustomer(door, number, SEED), islice(repeat(step), 2 * size.messages)


def is_figure(text: str) -> bool:
    """Whether the answer says how full the mailbox is."""
    return f"Ihr Postfach {ANNA} " in text and "Stand: heute" in text


def is_apology(text: str) -> bool:
    """Whether it says that this cannot be said now."""
    return "Ich erreiche die Postfachverwaltung gerade nicht" in text


def _proof(mailbox: str) -> dict[str, Any]:
    """Valid also where a clock is an hour ahead."""
    claims = {"aud": "postbote", "exp": now() + timedelta(hours=3), "mailboxes": [mailbox]}
    return {"token": jwt.encode(claims, KEY, "HS256", {"kid": "test"})}
