"""What other systems of the hoster's answer: tickets, mailboxes, sign-in, a language model."""

import base64
import json
from typing import Any
from zoneinfo import ZoneInfo

from bot.backoff import seconds_of
from bot.channels.errors import ForgedError
from bot.channels.teams_tokens import Calls
from bot.faq.phrasings.answer import read_answer
from bot.faq.phrasings.errors import ChatError, NoDraftsError
from bot.llm.completion import Response, content_of, refusal_of
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailplatform.doveadm import Doveadm, DoveadmMailboxes
from bot.oidc.claims import identity_of
from bot.oidc.token import read_token
from bot.settings import load_settings
from bot.signing import Signer
from bot.staff.errors import IdentityError
from bot.ticketing import rt, zammad
from bot.ticketing.http import JsonClient
from bot.ticketing.webhook import WebhookTickets
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import RestoreRequest, State, Target, Ticket
from bot.tickets.ports import TicketSystem
from tests.contract.clock import START, Clock
from tests.fuzz.parser import Parser, at_once, encoded, text

BERLIN = ZoneInfo("Europe/Berlin")
RESTORE = RestoreRequest("anna@lindenpost.example", None, START, Target.SUBFOLDER, "anna@privat.example")
TICKETS = [
    b'{"id": "17", "type": "ticket", "_url": "https://rt.example/REST/2.0/ticket/17"}',
    b'{"count": 1, "items": [{"id": "17", "type": "ticket", "Status": "resolved"}], "total": 1, "per_page": 50}',
    b'[{"id": 17, "title": "[T-4F7K-2M9Q] Wiederherstellung", "state": "closed"}]',
    b'{"tickets": [17], "assets": {"Ticket": {"17": {"id": 17, "title": "[T-4F7K-2M9Q]"}}}}',
    b'{"id": 3, "login": "postbote", "state": "open", "reference": "A-17"}',
]
DOVEADM = [
    b'[["doveadmResponse", [{"root": "User quota", "type": "STORAGE", "value": "655", "limit": "1024"}, '
    b'{"root": "User quota", "type": "MESSAGE", "value": "3", "limit": "-", "percent": "0"}], "postbote"]]',
    b'[["doveadmResponse", {"anna@lindenpost.example": {"contact": "anna@privat.example"}}, "postbote"]]',
    b'[["error", {"type": "exitCode", "exitCode": 67}, "postbote"]]',
    b'[{"command": "quotaGet", "parameters": []}]',
]
COMPLETIONS = [
    json.dumps({"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}).encode()
    for content in (
        '["Welchen Port hat IMAP?", "imap port?"]',
        "1. Welchen Port?\n2. Port für IMAP",
        "```json\n[]\n```",
    )
] + [b'{"error": {"message": "Rate limit reached", "type": "tokens", "code": "rate_limit_exceeded"}}']
CLAIMS = [
    b'{"sub": "248289761001", "email": "anna@lindenpost.example", "email_verified": true, "name": "Anna", '
    b'"realm_access": {"roles": ["desk"]}, '
    b'"iss": "https://id.example", "aud": "postbote", "nonce": "n", "exp": 1, "iat": 0}',
]
KEYS = b'{"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "e": "AQAB", "n": "' + b"s" * 342 + b'"}]}'
RETRIES = encoded("120", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00")


class Answering(JsonClient):
    """A ticket system that answers everything with the same."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("The system", "http://127.0.0.1:1", {}, 1.0)
        self._raw = raw

    async def _request(self, method: str, path: str, **arguments: Any) -> Any:
        return self._decode(text(self._raw))


def rt_of(raw: bytes) -> rt.RtTickets:
    """Request Tracker, which answers so."""
    return rt.RtTickets(rt.Rt(Answering(raw), "Hilfe", rt.STATES, BERLIN))


def zammad_of(raw: bytes) -> zammad.ZammadTickets:
    """Zammad, which answers so."""
    return zammad.ZammadTickets(zammad.Zammad(Answering(raw), "Hilfe", zammad.STATES, BERLIN))


def ticket_systems(raw: bytes) -> None:
    """Each question that each is asked."""
    systems: list[TicketSystem] = [
        rt_of(raw),
        zammad_of(raw),
        WebhookTickets(Answering(raw), Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Clock()),
    ]
    refusals = []
    for system in systems:
        for question in (
            system.open(Ticket("T-4F7K-2M9Q", RESTORE, State.OPEN, None, "c", START)),
            system.find("T-4F7K-2M9Q"),
            system.states(["17"]),
            system.ping(),
        ):
            try:
                at_once(question)
            except TicketSystemError as error:
                refusals.append(error)
    if len(refusals) == 12:  # all
        raise refusals[0]


class AnsweringDovecot(DoveadmMailboxes):
    """A doveadm that answers everything with the same."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(Doveadm("http://127.0.0.1:1", "", contact_field="contact"), Clock())
        self._raw = raw

    async def _request(self, method: str, body: Any) -> Any:
        return self._decode(self._raw)


def dovecot(raw: bytes) -> None:
    """Quota, contact, and whether it is there."""
    mailboxes = AnsweringDovecot(raw)
    address = "anna@lindenpost.example"
    for question in (mailboxes.quota(address), mailboxes.find_contact(address), mailboxes.ping()):
        try:
            at_once(question)
        except (PlatformError, UnknownMailboxError):
            continue


def language_model(raw: bytes) -> None:
    """A completion, and the drafts in it; or why there is none."""
    headers = {"Retry-After": text(raw[:30]), "Location": text(raw[:30])}
    for status in (200, 302, 429):
        response = Response("https://api.example/v1", "m", status, headers, raw)
        if status != 200:
            refusal_of(response, START)
            continue
        try:
            read_answer(content_of(response))
        except (ChatError, NoDraftsError):
            read_answer(text(raw))


OIDC = load_settings(desk_oidc_issuer="https://id.example", desk_oidc_client_id="postbote")


def id_tokens(raw: bytes) -> None:
    """A token of the provider's, its keys, and what it says of somebody."""
    expected = {"iss": "https://id.example", "aud": "postbote", "nonce": "n"}
    claims = _object(raw)
    if claims is not None and claims.get("sub"):
        identity_of(claims, OIDC)
    head = base64.urlsafe_b64encode(raw[:200]).decode().rstrip("=")
    forged = f"{head}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}.{head}"
    for token, keys in ((forged, json.loads(KEYS)), (text(raw), claims or {}), (claims, {})):
        try:
            given = {"id_token": token, "access_token": text(raw)}
            read_token(given, keys=keys, expected=expected, algorithms=["RS256"], at=START)
        except IdentityError:
            continue


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class NoKeys:
    """Microsoft publishes none."""

    async def find(self, kid: str) -> None:
        """See Keys."""


def microsofts_tokens(raw: bytes) -> None:
    """Who says to be the Bot Connector."""
    calls = Calls(NoKeys(), "app", "https://api.botframework.com", Clock())  # type: ignore[arg-type]
    head = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    for authorization in (text(raw), f"Bearer {text(raw)}", f"Bearer {head}.{head}.{head}"):
        try:
            at_once(calls.check(authorization))
        except ForgedError:
            continue


def retries(raw: bytes) -> None:
    """When somebody wants to be asked again."""
    assert seconds_of(text(raw), START) >= 0


PARSERS = [
    Parser("ticket systems", ticket_systems, TICKETS, (TicketSystemError,)),
    Parser("Dovecot", dovecot, DOVEADM),
    Parser("language model", language_model, COMPLETIONS, (ChatError, NoDraftsError)),
    Parser("ID tokens", id_tokens, [*CLAIMS, KEYS]),
    Parser("Microsoft's tokens", microsofts_tokens, encoded("Bearer a.b.c", '{"alg":"RS256","kid":"1"}')),
    Parser("Retry-After", retries, RETRIES),
]
