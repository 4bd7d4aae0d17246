"""What comes in by the doors: bodies, frames, packets, headers, cookies, tokens."""

import base64
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import jwt
from aiohttp.test_utils import make_mocked_request
from engineio.packet import Packet as EnginePacket
from multidict import CIMultiDict, CIMultiDictProxy
from pydantic import ValidationError

from bot import strict_json
from bot.channels.errors import ForeignError
from bot.channels.rest import RestMessage
from bot.channels.rest import parse as parse_rest
from bot.channels.socketio import Auth, SessionRequest, Uttered, seq_of
from bot.channels.web import WebMessage, address_of
from bot.channels.web import parse as parse_web
from bot.desk import live
from bot.desk.cookies import needs_tls
from bot.desk.guard import COOKIE, check_csrf, check_own_origin
from bot.desk.openapi import SHAPES as DESK_SHAPES
from bot.gateway import body, metrics, origins, remote, socket, web
from bot.gateway.engine import packets_with
from bot.gateway.errors import BadRequestError
from bot.gateway.openapi import SHAPES
from bot.gateway.socketio import _fit
from bot.identity.tokens import TokenError, Tokens
from bot.settings import TokenKey
from bot.staff.canned import check_placeholders
from bot.staff.errors import IdentityError, UnknownPlaceholderError
from bot.staff.foreign import Seal
from bot.staff.logins import spell
from bot.staff.model import Agent, Attempt, Role, Session
from bot.staff.sessions import digest_of
from tests.contract.clock import START, Clock
from tests.fuzz.parser import Parser, encoded, text

KEY = "ein geheimnis, das nur die seite und der bot kennen"
PACKET = packets_with({})
BODIES = [
    b'{"sender": "anna", "message": "Wie voll ist mein Postfach?", "metadata": {"message_id": "m", "token": "a.b"}}',
    b'{"id": "1", "text": "hallo", "choice": "abcdefghijklmnop"}',
    b'{"type": "rate", "seq": 8, "up": true}',
    b'{"type": "seen", "seq": 9, "read": true}',
    b'{"type": "hello", "secret": "abc", "after": 0}',
    b'{"type": "watch", "conversation": null}',
    b'{"login": "berger@lindenpost.example", "password": "Sieben Zwerge im Regen", "seats": 4, "groups": ["Technik"]}',
    b'{"id": "r-1", "mailbox": "anna@lindenpost.example", "folder": null, "point": "2026-11-23T16:00", "target": '
    b'"subfolder", "contact": "anna@privat.example"}',
    b'{"changes": [{"kind": "entry", "messages": [1], "topic": "t", "slug": "s", "question": "?", "answer": "!"}]}',
]
PACKETS = encoded(
    '42["user_uttered",{"message":"hallo","session_id":"abc"}]',
    '40/chat,{"pid":"abc","offset":"0123456789abcdef.7"}',
    '451-["x",{"_placeholder":true,"num":0}]',
    "2probe",
    "0",
    '43/a,7["ok"]',
    "421[1e400]",
)
HEADERS = encoded(
    "Bearer " + "geheim" * 50,
    "203.0.113.9, " * 20 + "10.0.0.1, 2001:db8::1",
    'for="[2001:db8::1]:4711";proto=https;host=www.example.de, ' * 8,
    "postbote_desk=abc; " * 20 + 'other="a b"; x=\\"',
)


def value(raw: bytes) -> None:
    """Any JSON: what comes out can be stored, and written again as it is."""
    found = strict_json.decode(raw)
    assert strict_json.decode(json.dumps(found)) == found


def bodies(raw: bytes) -> None:
    """A body, in every shape that one may have."""
    found = body.decode(raw)
    for shape in (*SHAPES.values(), *DESK_SHAPES.values()):
        try:
            fitting = shape.validate_python(found)
        except ValidationError:
            continue
        match fitting:
            case RestMessage():
                parse_rest(fitting)
            case WebMessage():
                parse_web("geheim", fitting)


def frames(raw: bytes) -> None:
    """A frame of the widget's socket, or of the desk's."""
    for parse in (socket._parse, live._parse):
        try:
            parse(text(raw))
        except BadRequestError:
            socket._id_in(text(raw))


def packets(raw: bytes) -> None:
    """A packet of Socket.IO, within one of Engine.IO; the library drops the connection for what is named here."""
    found = EnginePacket(encoded_packet=text(raw))
    if not isinstance(found.data, str):
        return
    packet = PACKET(encoded_packet=found.data)
    for shape in (Auth, SessionRequest, Uttered):
        try:
            _fit(packet.data, shape)
        except ForeignError:
            continue
    seq_of("0123456789abcdef", text(raw))


class NoProofs:
    """Keeps none."""


def tokens() -> Tokens:
    """With one key."""
    keys = {"k": TokenKey(algorithm="HS256", key=KEY)}
    return Tokens(keys, "postbote", timedelta(minutes=30), NoProofs(), Clock())  # type: ignore[arg-type]


def signed(raw: bytes) -> str:
    """A token with our key, whatever it says."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "k"}).encode()).rstrip(b"=")
    message = head + b"." + base64.urlsafe_b64encode(raw).rstrip(b"=")
    signature = jwt.get_algorithm_by_name("HS256").sign(message, KEY.encode())
    return (message + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def token(raw: bytes) -> None:
    """Of the hoster's logged-in page: forged ones, and signed ones with claims that nobody expects."""
    with suppress(TokenError):
        tokens().read(signed(raw))
    tokens().read(text(raw))


CLAIMS = json.dumps(
    {"aud": "postbote", "exp": int(START.timestamp()) + 60, "mailboxes": ["anna@lindenpost.example"]}
).encode()


def cookies(raw: bytes) -> None:
    """The desk's session, and what a browser holds of a sign-in; as aiohttp reads headers."""
    given = raw.decode("utf-8", "surrogateescape")
    digest_of(given)
    Seal(b"k" * 32, Clock()).open(given)


def placeholders(raw: bytes) -> None:
    """What an agent writes into a canned reply, and a login."""
    spell(text(raw))
    check_placeholders(text(raw))


def header_reader(app: Any) -> Parser:
    """Headers and queries, in a request of the application."""
    agent = Agent(1, "a@b.example", "A", Role.AGENT, (), 4, "de", True, False, None)
    session = Session("", "csrf", agent, START, START)

    def read(raw: bytes) -> None:
        given = raw.translate(None, b"\r\n\0").decode("utf-8", "surrogateescape")
        names = (
            "Authorization",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "Origin",
            "X-CSRF-Token",
            "Cookie",
            "Forwarded",
        )
        request = make_mocked_request("GET", "/", app=app)
        # Given to the mock, they would be encoded, which real ones never are.
        request._headers = CIMultiDictProxy(CIMultiDict(dict.fromkeys(names, given)))
        remote.address_of(request), remote.is_secure(request), needs_tls(request), metrics._has_token(request)
        for check in (
            lambda: address_of(web.secret_of(request)),
            lambda: check_csrf(request, session),
            lambda: check_own_origin(request, required=True),
            lambda: origins.check_origin(request),
            lambda: request.cookies.get(COOKIE),
        ):
            try:
                check()
            except BadRequestError:
                continue

    return Parser("headers", read, HEADERS)


PARSERS = [
    Parser("JSON", value, BODIES, (ValueError,)),
    Parser("bodies", bodies, BODIES, (BadRequestError,)),
    Parser("frames", frames, BODIES, (BadRequestError,)),
    Parser("packets of Socket.IO", packets, PACKETS, (ValueError, RecursionError)),
    Parser("identity tokens", token, [CLAIMS, signed(CLAIMS).encode()], (TokenError,)),
    Parser(
        "cookies",
        cookies,
        [b"gAAAAABm" + b"A" * 60, Seal(b"k" * 32, Clock()).close(Attempt("a", "b", "c", "d")).encode()],
        (IdentityError,),
    ),
    Parser(
        "canned replies",
        placeholders,
        encoded("Guten Tag {kunde}, {agent}", "{ {postfach} }"),
        (UnknownPlaceholderError,),
    ),
]
