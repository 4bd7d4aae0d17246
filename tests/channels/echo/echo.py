"""
Echo: a messenger that exists in the tests alone, and the example of docs/how-to/add-a-channel.md.

It calls us with `{"kind": "message", "id", "from", "text", "button"?, "file"?}`, signed in `X-Echo-Signature`, and
takes `POST /messages` with `{"to", "text", "buttons": [{"id", "title"}]}`.
"""

import hashlib
import hmac
from collections.abc import Sequence

from pydantic import Field, SecretStr

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import Id, Payload, check_same, read
from bot.channels.port import Call, Channel, Event, Gone, Kind, Part, Said, Seen, Tools, Unreadable
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Incoming
from bot.conversations.plain import PLAIN


class EchoOptions(Options):
    """POSTBOTE_CHANNEL_ECHO_…"""

    url: str = Field(description="Where the messenger is.")
    secret: SecretStr = Field(description="Signs its calls to us, and lets us call it.")


class EchoEvent(Payload):
    """What it calls us with."""

    kind: str
    id: Id = "-"
    from_: Id = Field("-", alias="from")
    text: str = ""
    button: str | None = None
    file: str | None = None
    seq: int = 0


class Echo(Channel):
    """The port for it."""

    name = "echo"
    form = Form(PLAIN, longest=200, most_buttons=3)

    def __init__(self, options: EchoOptions, tools: Tools) -> None:
        self._secret = plain(options.secret)
        self._api = Api("Echo", options.url, tools.timeout, tools.clock, {"Authorization": f"Bearer {self._secret}"})

    async def check(self, call: Call) -> None:
        """HMAC of the body."""
        expected = hmac.new(self._secret.encode(), call.body, hashlib.sha256).hexdigest()
        check_same(call.headers.get("X-Echo-Signature", ""), expected, "X-Echo-Signature")

    def parse(self, call: Call) -> Sequence[Event]:
        """One event a call."""
        event = read(call.body, EchoEvent)
        said = Incoming(self.name, event.from_, event.id, event.text, event.button, self.form.most_buttons)
        match event.kind:
            case "message" | "edit":
                return [Said(said, (File(event.file, "image/png", None, event.file),) if event.file else ())]
            case "sticker":
                return [Unreadable(said)]
            case "seen":
                return [Seen(event.from_, event.seq, read=True)]
            case "left":
                return [Gone(event.from_, "The customer left.")]
        return []

    async def post(self, address: str, part: Part) -> None:
        """410: the customer is gone."""
        buttons = [{"id": button.id, "title": button.title} for button in part.buttons]
        try:
            await self._api.post("/messages", {"to": address, "text": part.text, "buttons": buttons, "key": part.key})
        except RefusedError as error:
            if error.status == 410:
                error.mark_gone()
            raise

    async def ping(self) -> str:
        """Its name for us."""
        try:
            return str((await self._api.get("/me"))["name"])
        except (DeliveryError, KeyError) as error:
            raise ChannelError(f"Echo does not know us: {error}") from error

    async def close(self) -> None:
        """See the port."""
        await self._api.close()


KIND = Kind(lambda tools: Echo(load_options(EchoOptions, "echo"), tools), EchoOptions)
