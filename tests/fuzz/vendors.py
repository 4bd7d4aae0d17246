"""What vendors send: each channel's payloads, with the checks of who sent them."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from bot.channels import matrix_events, socketio
from bot.channels.api import RefusedError, _decode
from bot.channels.choose import KINDS
from bot.channels.errors import ForeignError, ForgedError
from bot.channels.mail import reading
from bot.channels.matrix_client import code_of
from bot.channels.meta import codes_of
from bot.channels.payload import fit, read_json
from bot.channels.port import Call, Channel, Tools
from bot.settings import load_settings
from tests.channels.mutations import check_events
from tests.channels.registry import CONTRACTS
from tests.contract.clock import Clock
from tests.fuzz.parser import Parser, at_once

BOT = "@postbote:lindenpost.example"
FORMS = "application/x-www-form-urlencoded"
WAITING = {"teams"}
"""Who asks the vendor for keys while it checks; its token is fuzzed by itself, see tests/fuzz/customers.py."""


def channel_parsers(setenv: Callable[[str, str], None]) -> list[Parser]:
    """One for each channel that can be switched on; `setenv` sets what an operator would."""
    tools = Tools(load_settings(), None, str, Clock())  # type: ignore[arg-type]  # nothing is kept while parsing
    found = []
    for name, kind in KINDS.items():
        contract = CONTRACTS[name]()
        url = "1/2/hilfe@lindenpost.example" if name == "email" else "http://127.0.0.1:1"
        for key, value in contract.options(url).items():
            setenv(f"POSTBOTE_CHANNEL_{name.upper()}_{key.upper()}", value)
        seeds = [path.read_bytes() for path in sorted(contract.payloads.iterdir())]
        parse = matrix if name == "matrix" else _reader(kind.make(tools))
        found.append(Parser(f"channel {name}", parse, seeds, (ForeignError, ForgedError)))
    return found


def _reader(channel: Channel) -> Callable[[bytes], object]:
    def read(raw: bytes) -> None:
        refusals: list[Exception] = []
        for headers, body in _calls(raw):
            call = Call("POST", headers, {"secret": raw[:40].decode("latin-1")}, body)
            try:
                if channel.name not in WAITING:
                    at_once(channel.check(call))
            except ForgedError:
                pass  # of course; what is forged is parsed here nevertheless
            try:
                check_events(channel.parse(call), len(body))
                channel.reply(call)
            except (ForeignError, ForgedError) as error:
                refusals.append(error)
        if len(refusals) == 2:
            raise refusals[0]

    return read


def _calls(raw: bytes) -> list[tuple[Mapping[str, str], bytes]]:
    """The payload as JSON and as a form, with a header that somebody made up."""
    made_up = re.sub(r"[\r\n\0]", " ", raw[-60:].decode("latin-1"))
    names = (
        "X-Hub-Signature-256",
        "X-Slack-Signature",
        "X-Slack-Request-Timestamp",
        "X-Chatwoot-Signature",
        "Authorization",
    )
    headers = dict.fromkeys((*names, "X-Chatwoot-Timestamp", "X-Telegram-Bot-Api-Secret-Token"), made_up)
    return [
        ({**headers, "Content-Type": "application/json"}, raw),
        ({**headers, "Content-Type": FORMS}, b"payload=" + quote(raw).encode()),
    ]


def matrix(raw: bytes) -> None:
    """What a homeserver answers to /sync: what happened in which room."""
    for room, news in fit(_value(raw), matrix_events.Sync).rooms.join.items():
        events = [event for each in news.timeline.events if (event := matrix_events.find_event(each))]
        for event in matrix_events.since_invited(events, BOT):
            content = matrix_events.find_content(event)
            address = matrix_events.address_of(room, event.event_id)
            if content and address:
                understood = matrix_events.understand(event, content, address, BOT)
                check_events([understood] if understood else [], len(raw))


def mail(raw: bytes) -> None:
    """A mail as a server hands it out: what it says, of which of ours it is a report, its files."""
    message = reading.parse_mail(raw)
    check_events(reading.find_failures(message), len(raw))
    found = reading.find_personal(message, raw, ["hilfe@lindenpost.example"])
    if found:
        check_events([found.event], len(raw))
    for number in range(3):
        reading.file_content(message, number)


def answers(raw: bytes) -> None:
    """What vendors answer to what we send."""
    refused = RefusedError("no", 400, _decode(raw), final=True, retry_after=None)
    codes_of(refused)
    code_of(refused)


def uttered(raw: bytes) -> None:
    """What rasa-webchat says over Socket.IO."""
    said = fit(_value(raw), socketio.Uttered)
    socketio.parse("geheim", said, ("/greet",))
    assert said.token is None or isinstance(said.token, str)


def _value(raw: bytes) -> Any:
    return read_json(raw)


MAILS = [path.read_bytes() for path in sorted(CONTRACTS["email"].payloads.iterdir())]
UTTERED = [
    b'{"message": "Wie voll ist mein Postfach?", "session_id": "abc", "metadata": {"token": "a.b.c"}}',
    b'{"message": "/choice-abcdefghijklmnop", "customData": "{\\"token\\": \\"a.b.c\\"}"}',
]
ANSWERS = [
    b'{"error": {"message": "(#100) No", "type": "OAuthException", "code": 100, "error_subcode": 2018001}}',
    b'{"errcode": "M_LIMIT_EXCEEDED", "error": "Too many requests", "retry_after_ms": 2000}',
]
PARSERS = [
    Parser("mails", mail, MAILS, (ForeignError,)),
    Parser("vendors' answers", answers, ANSWERS),
    Parser("channel socketio", uttered, UTTERED, (ForeignError,)),
]
