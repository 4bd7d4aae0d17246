"""
Matrix: an account of the bot's at a homeserver, which is asked by long polling; nobody calls us.

https://spec.matrix.org/latest/client-server-api
"""

from typing import NoReturn

from mautrix.types import RoomID
from pydantic import Field, SecretStr

from bot.channels.api import Api
from bot.channels.errors import ChannelError, ForgedError
from bot.channels.formatting import to_html
from bot.channels.matrix_client import MatrixClient
from bot.channels.matrix_events import place_of
from bot.channels.matrix_listener import Listener
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.port import Call, Channel, Kind, Part, Take, Tools
from bot.channels.styles import MARKDOWN
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Incoming
from bot.conversations.plain import plain_text

TYPING = 5_000
"""Milliseconds that the customer sees us write."""


class MatrixOptions(Options):
    """POSTBOTE_CHANNEL_MATRIX_…"""

    homeserver: str = Field(
        pattern=r"^https?://[^/]+", description="Where the bot's homeserver is, such as https://matrix.example.org."
    )
    access_token: SecretStr = Field(min_length=1, description="Of a session of the bot's account.")


class Matrix(Channel):
    """The port for it."""

    name = "matrix"
    # An event has 65,536 bytes at most, and holds the text twice.
    form = Form(MARKDOWN, longest=4000)

    def __init__(self, options: MatrixOptions, tools: Tools) -> None:
        headers = {"Authorization": f"Bearer {plain(options.access_token)}"}
        self._api = Api("Matrix", options.homeserver, tools.timeout, tools.clock, headers)
        self._client = MatrixClient(self._api, tools.timeout)
        self._listener = Listener(self._client, tools.notes, lambda: tools.sentence("utter_matrix_encrypted"))

    async def check(self, call: Call) -> NoReturn:  # noqa: ARG002 -- whatever it says
        """Nobody calls."""
        raise ForgedError("Matrix calls nobody: Postbote asks the homeserver.")

    def parse(self, call: Call) -> NoReturn:  # noqa: ARG002 -- whatever it says
        """See `check`."""
        raise ForgedError("Matrix calls nobody: Postbote asks the homeserver.")

    async def listen(self, take: Take) -> None:
        """See Listener."""
        await self._listener.listen(take)

    async def post(self, address: str, part: Part) -> None:
        """An m.text, because an m.notice would not ring at the customer's."""
        room, thread = place_of(address)
        content = {
            "msgtype": "m.text",
            "body": plain_text(part.text),
            "format": "org.matrix.custom.html",
            "formatted_body": to_html(part.text).strip(),
            "m.mentions": {},
        }
        await self._client.say(room, thread, content, part.key)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Read, and typing."""
        room, thread = place_of(incoming.address)
        await self._client.read(room, incoming.message_id, thread)
        await self._client.set_typing(RoomID(room), TYPING)

    async def fetch(self, file: File, most: int) -> bytes:
        """See the port."""
        return await self._client.fetch(file.reference, most)

    async def ping(self) -> str:
        """The account's name."""
        try:
            return await self._client.identify()
        except DeliveryError as error:
            raise ChannelError(str(error)) from error

    async def set_webhook(self, url: str) -> str:  # noqa: ARG002 -- nobody calls it
        """Nothing is to be told."""
        return "matrix needs no address of ours: Postbote asks the homeserver."

    async def close(self) -> None:
        """See the port."""
        await self._api.close()


KIND = Kind(lambda tools: Matrix(load_options(MatrixOptions, "matrix"), tools), MatrixOptions)
