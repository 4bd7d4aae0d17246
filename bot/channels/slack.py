"""
Slack, by the Events API and the Web API.

Calls: https://docs.slack.dev/apis/events-api; signed as in
https://docs.slack.dev/authentication/verifying-requests-from-slack.
Answers: https://docs.slack.dev/reference/methods/chat.postMessage, which says what failed in a body of status 200.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from pydantic import Field, SecretStr

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForeignError, ForgedError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import Payload, check_same, fit, read_json
from bot.channels.port import Answer, Call, Channel, Event, Kind, Part, Tools
from bot.channels.slack_events import BUTTONS, MOST_BUTTONS, NAME, place_of, read_event, read_pressed
from bot.channels.styles import SLACK
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Choice, Incoming

OLDEST = 300
"""Seconds after which a call is a replay, as Slack advises."""
LONGEST = 3000
"""Of a section's text: https://docs.slack.dev/reference/block-kit/blocks/section-block"""
LONGEST_TITLE = 75
"""Of a button: https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
HOSTS = (".slack.com", ".slack-gov.com")
"""Where files are that our token may be shown to."""
GONE = frozenset({"channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_disabled"})
FINAL = frozenset(
    {
        "msg_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long",
        "invalid_arguments", "cannot_reply_to_message", "restricted_action_thread_locked",
    }
)  # fmt: skip
"""Nothing that an operator or patience could put right; the others are tried again."""

log = structlog.get_logger(stop="channel")


class SlackOptions(Options):
    """POSTBOTE_CHANNEL_SLACK_…"""

    token: SecretStr = Field(description="The app's Bot User OAuth Token, xoxb-….")
    signing_secret: SecretStr = Field(description="Basic Information → Signing Secret of the app.")
    url: str = Field("https://slack.com/api", description="Slack's Web API; https://slack-gov.com/api for GovSlack.")


class Envelope(Payload):
    """What every call has."""

    type: str = Field(min_length=1, max_length=100)
    challenge: str = Field("", max_length=1000)


class Slack(Channel):
    """The port for one workspace's app."""

    name = NAME
    form = Form(SLACK, LONGEST, MOST_BUTTONS)

    def __init__(self, options: SlackOptions, tools: Tools) -> None:
        self._secret = plain(options.signing_secret).encode()
        self._clock = tools.clock
        self._host = urlsplit(options.url).hostname
        headers = {"Authorization": f"Bearer {plain(options.token)}"}
        self._api = Api("Slack", options.url, tools.timeout, tools.clock, headers)

    async def check(self, call: Call) -> None:
        """HMAC over the time and the body; what is older than five minutes is a replay."""
        stamp = call.headers.get("X-Slack-Request-Timestamp", "")
        signed = b"v0:" + stamp.encode("utf-8", "surrogateescape") + b":" + call.body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        check_same(call.headers.get("X-Slack-Signature", ""), expected, "X-Slack-Signature")
        if not (stamp.isascii() and stamp.isdigit()) or abs(self._clock().timestamp() - int(stamp[:15])) > OLDEST:
            raise ForgedError(f"X-Slack-Request-Timestamp is more than {OLDEST} s off. Does the clock here go right?")

    def parse(self, call: Call) -> Sequence[Event]:
        """Events come as JSON, pressed buttons as a form."""
        value = _decode(call)
        match fit(value, Envelope).type:
            case "event_callback":
                return read_event(value)
            case "block_actions":
                return read_pressed(value)
            case "app_rate_limited":
                log.warning("Slack holds events back: more than 30,000 in an hour", channel=NAME)
        return ()

    def reply(self, call: Call) -> Answer:
        """The handshake wants its challenge back."""
        envelope = fit(_decode(call), Envelope)
        return Answer(envelope.challenge if envelope.type == "url_verification" else "")

    async def post(self, address: str, part: Part) -> None:
        """In the thread where the customer wrote."""
        channel, thread = place_of(address)
        body: dict[str, Any] = {"channel": channel, "text": part.text, "unfurl_links": False, "unfurl_media": False}
        if thread:
            body["thread_ts"] = thread
        if part.buttons:
            body["blocks"] = [_section(part.text), _actions(address, part.buttons)]
        await self._ask("chat.postMessage", body)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Buttons that were pressed are replaced by what was chosen, so that they are not pressed twice."""
        message = incoming.metadata.get("message")
        if not isinstance(message, Mapping) or not isinstance(message.get("ts"), str):
            return
        blocks = [*_sections(message), _chosen(incoming.text)]
        channel, _ = place_of(incoming.address)
        text = message.get("text")
        body = {
            "channel": channel,
            "ts": message["ts"],
            "text": text if isinstance(text, str) else "",
            "blocks": blocks,
        }
        await self._ask("chat.update", body)

    async def fetch(self, file: File, most: int) -> bytes:
        """With our token, so from Slack's own hosts only."""
        address = urlsplit(file.reference)
        host = address.hostname or ""
        ours = host == self._host or (address.scheme == "https" and host.endswith(HOSTS))
        if not ours:
            raise DeliveryError(f"Slack gave no address of its own for {file.name!r}.", final=True)
        return await self._api.fetch(file.reference, most)

    async def ping(self) -> str:
        """https://docs.slack.dev/reference/methods/auth.test"""
        try:
            known = await self._ask("auth.test", {})
            return f"{known['user']} in {known['team']}"
        except (DeliveryError, KeyError) as error:
            raise ChannelError(f"Slack does not know us: {error}") from error

    async def set_webhook(self, url: str) -> str:
        """Only the app's configuration can be told."""
        return f"Enter {url} at https://api.slack.com/apps under Event Subscriptions, and under Interactivity."

    async def close(self) -> None:
        """See the port."""
        await self._api.close()

    async def _ask(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises DeliveryError, also for what fails with status 200."""
        answer = await self._api.post(f"/{method}", body)
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer
        code = str(answer.get("error", "no reason")) if isinstance(answer, dict) else "no JSON object"
        error = RefusedError(
            f"Slack refused {method}: {code[:100]}.", 200, answer, final=code in FINAL, retry_after=None
        )
        if code in GONE:
            error.mark_gone()
        raise error


def _decode(call: Call) -> Any:
    if not call.body.startswith(b"payload="):
        return read_json(call.body)
    try:
        form = parse_qs(call.body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
        [payload] = form["payload"]
    except ValueError as error:
        raise ForeignError(f"This is no form with a payload: {error}.") from error
    return read_json(payload.encode("utf-8", "surrogatepass"))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _actions(address: str, choices: Sequence[Choice]) -> dict[str, Any]:
    """The address is the block's id, so that a pressed button says which conversation it is of."""
    buttons = [
        {
            "type": "button",
            "action_id": f"{BUTTONS}-{number}",
            "text": {"type": "plain_text", "text": _shortened(choice.title)},
            "value": choice.id,
        }
        for number, choice in enumerate(choices, 1)
    ]
    return {"type": "actions", "block_id": address, "elements": buttons}


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _sections(message: Mapping[str, Any]) -> list[Any]:
    """What stood above the buttons."""
    blocks = message.get("blocks")
    found = blocks if isinstance(blocks, list) else []
    return [block for block in found if isinstance(block, Mapping) and block.get("type") == "section"]


def _chosen(title: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": f"✅ {_shortened(title)}"}]}


KIND = Kind(lambda tools: Slack(load_options(SlackOptions, NAME), tools), SlackOptions)
