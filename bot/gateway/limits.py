"""
The limits of routes: declared beside the path, counted before the handler or where it is known for whom.

    @routes.post("/channels/web/messages")
    @limited(REQUESTS, BYTES, MESSAGES)
    async def receive(request): ...

What declares none does not get past tests/gateway/test_declared_limits.py.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from aiohttp import hdrs, web

from bot.conversations.errors import TooManyError
from bot.gateway.body import LARGEST
from bot.gateway.errors import Handler
from bot.gateway.keys import LIMITER, SERVICES
from bot.gateway.remote import address_of, is_in, network_of
from bot.gateway.rules import BYTES, CONVERSATIONS, MESSAGES, OPEN, REQUESTS, SIGNALS, SOCKETS, Rule
from bot.limiter import Hit, Limit, Refusal

AnyHandler = TypeVar("AnyHandler", bound=Callable[..., object])
Counts = dict[Rule, Limit]
ATTRIBUTE = "__limits__"
WITH_BODY = {hdrs.METH_POST, hdrs.METH_PUT, hdrs.METH_PATCH, hdrs.METH_DELETE}


@dataclass(frozen=True)
class Declared:
    """What a route says of its limits."""

    rules: tuple[Rule, ...] = ()
    reason: str = ""
    """Why there are none."""

    @cached_property
    def automatic(self) -> list[Rule]:
        """Those that are counted for every request."""
        return [rule for rule in self.rules if rule.is_automatic]


LIMITS = web.AppKey("limits", Counts)
"""Of rules that were asked for, as the settings have them."""
FOLDERS = web.AppKey("folders", set[web.AbstractResource])
"""Of files, each with the limits of FILES."""
OPENED = web.AppKey("opened", Counter[str])
"""Connections that are open, by address."""
FILES = Declared((REQUESTS,))
UNKNOWN = Declared((REQUESTS, BYTES))
"""What leads nowhere."""


def limited(*rules: Rule) -> Callable[[AnyHandler], AnyHandler]:
    """Declare the limits of a route's handler; one at least."""
    if not rules:
        raise ValueError("Name a rule of bot.gateway.rules, or say by `unlimited` why none is needed.")
    return _declare(Declared(rules))


def unlimited(reason: str) -> Callable[[AnyHandler], AnyHandler]:
    """Declare that a route needs no limit."""
    return _declare(Declared(reason=reason))


def _declare(declared: Declared) -> Callable[[AnyHandler], AnyHandler]:
    def mark(handler: AnyHandler) -> AnyHandler:
        setattr(handler, ATTRIBUTE, declared)
        return handler

    return mark


def find_declared(app: web.Application, route: web.AbstractRoute) -> Declared | None:
    """What a route says of its limits."""
    declared: Declared | None = getattr(route.handler, ATTRIBUTE, None)
    return FILES if declared is None and route.resource in app[FOLDERS] else declared


def add_keys(app: web.Application) -> None:
    """To be called once, before routes are added."""
    app[LIMITS], app[FOLDERS], app[OPENED] = {}, set(), Counter()


def add_folder(app: web.Application, path: str, folder: Path) -> None:
    """Serve files."""
    app[FOLDERS].add(app.router.add_static(path, folder))


@web.middleware
async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count what every request of the route counts. Raises TooManyError."""
    route = request.match_info.route
    declared = find_declared(request.app, route) or UNKNOWN
    rules = declared.automatic
    if rules and (address := _address_of(request)):
        hits = [_hit(request, rule, address, _cost(request, rule)) for rule in rules]
        _check(await request.app[LIMITER].hit(*hits), rules)
    return await handler(request)


def _cost(request: web.Request, rule: Rule) -> int:
    if rule is not BYTES:
        return 1
    if request.content_length is None and request.method in WITH_BODY and request.can_read_body:
        return LARGEST
    return request.content_length or 0


async def check(request: web.Request, rule: Rule, key: str) -> None:
    """Count for a key that only the handler knows. Raises TooManyError."""
    _check(await request.app[LIMITER].hit(_hit(request, rule, key)), [rule])


async def check_address(request: web.Request, rule: Rule) -> None:
    """Count for the client's address, unless it is one of the hoster's own. Raises TooManyError."""
    if address := _address_of(request):
        await check(request, rule, address)


async def check_messages(request: web.Request, channel: str, conversation: str) -> None:
    """Raises TooManyError when the conversation sends more messages than a person would."""
    await check(request, MESSAGES, f"{channel}:{conversation}")


async def check_new_conversations(request: web.Request) -> None:
    """Raises TooManyError when the address begins more conversations than people behind it would."""
    await check_address(request, CONVERSATIONS)


async def check_signals(request: web.Request, conversation: str) -> None:
    """Raises TooManyError when the conversation signals more than a widget does."""
    await check(request, SIGNALS, conversation)


async def check_connections(request: web.Request) -> None:
    """Raises TooManyError when the address opens more connections than pages of people behind it would."""
    await check_address(request, SOCKETS)


@contextmanager
def open_connection(request: web.Request) -> Iterator[None]:
    """One more is open, as long as the block lasts. Raises TooManyError when the address has too many."""
    address, opened = _address_of(request), request.app[OPENED]
    if address is None:
        yield
        return
    most = limit_of(request.app, OPEN)
    if opened[address] >= most.amount:
        _check(Refusal(most, most.seconds), [OPEN])
    opened[address] += 1
    try:
        yield
    finally:
        opened[address] -= 1
        if not opened[address]:
            del opened[address]


def limit_of(app: web.Application, rule: Rule) -> Limit:
    """As the settings have it."""
    limits = app[LIMITS]
    if rule not in limits:
        limits[rule] = rule.limit(app[SERVICES].settings)
    return limits[rule]


def refuse(rule: Rule, refusal: Refusal) -> TooManyError:
    """What the client is told."""
    seconds = math.ceil(refusal.wait)
    told = rule.told.format(amount=refusal.limit.amount)
    return TooManyError(f"{told} Try again in {seconds} seconds.", wait=seconds)


def _hit(request: web.Request, rule: Rule, key: str, cost: int = 1) -> Hit:
    return Hit(limit_of(request.app, rule), f"{rule.per}:{key}", cost)


def _check(refusal: Refusal | None, rules: list[Rule]) -> None:
    if refusal:
        raise refuse(next(rule for rule in rules if rule.name == refusal.limit.name), refusal)


def _address_of(request: web.Request) -> str | None:
    """None: one of the hoster's own, for which no limit per address counts."""
    networks = request.app[SERVICES].settings.unlimited_from
    return None if networks and is_in(address_of(request), networks) else network_of(request)
