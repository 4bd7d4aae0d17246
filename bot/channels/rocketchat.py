"""
Rocket.Chat's Omnichannel (Livechat), where the bot is an agent.

Calls: https://docs.rocket.chat/docs/webhooks. Answers: https://developer.rocket.chat/apidocs/post-message. A hand-off
forwards the chat to a department: https://developer.rocket.chat/apidocs/forward-livechat-room; the bot answers only
what it serves itself, and so is silent from then on.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, SecretStr

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import check_same, read_json
from bot.channels.port import Call, Channel, Event, Kind, Part, Tools
from bot.channels.rocketchat_events import NAME, Reader
from bot.channels.styles import ROCKETCHAT
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File

HEADER = "X-RocketChat-Livechat-Token"
LONGEST = 5000
"""What Rocket.Chat takes unless its administrator changes Message_MaxAllowedSize."""
GONE = ("error-invalid-room", "error-not-allowed", "room_is_archived", "This_conversation_is_already_closed")
"""Where the chat is closed, or somebody else's."""
THERE = "error-forwarding-chat-same-department"
"""It was forwarded, and only the answer to it was lost."""
WAIT = re.compile(r"must wait (\d{1,6}) seconds")
"""How long to be patient: Rocket.Chat has no Retry-After."""


class RocketChatOptions(Options):
    """POSTBOTE_CHANNEL_ROCKETCHAT_…"""

    url: str = Field(description="Where Rocket.Chat is, such as https://chat.example.de.")
    token: SecretStr = Field(description="A personal access token of the bot's user.")
    user_id: str = Field(min_length=1, description="The id of the bot's user, which is shown with the token.")
    secret: SecretStr = Field(min_length=1, description="Omnichannel → Webhooks → Secret Token.")
    department: str = Field(
        min_length=1, description="The id of the department that people who ask for a person go to."
    )


class RocketChat(Channel):
    """The port for one bot."""

    name = NAME
    form = Form(ROCKETCHAT, LONGEST)

    def __init__(self, options: RocketChatOptions, tools: Tools) -> None:
        self._secret = plain(options.secret)
        self._department = options.department
        self._reader = Reader(options.user_id)
        url = f"{options.url.rstrip('/')}/api/v1"
        user = {"X-Auth-Token": plain(options.token), "X-User-Id": options.user_id}
        self._api = Api("Rocket.Chat", url, tools.timeout, tools.clock, user)
        self._files = Api("Rocket.Chat", url, tools.timeout, tools.clock, is_open=True)

    async def check(self, call: Call) -> None:
        """Rocket.Chat does not sign; it sends the secret."""
        check_same(call.headers.get(HEADER, ""), self._secret, HEADER)

    def parse(self, call: Call) -> Sequence[Event]:
        """One message a call, mostly."""
        return self._reader.events(read_json(call.body))

    async def post(self, address: str, part: Part) -> None:
        """Buttons stand in the text, since Livechat shows none."""
        await self._ask("/chat.postMessage", {"roomId": address, "text": part.text})

    async def hand_over(self, address: str) -> None:
        """Fails for good where the department takes nothing: trying again would hold up the bot's next answers."""
        try:
            await self._ask("/livechat/room.forward", {"roomId": address, "departmentId": self._department})
        except RefusedError as error:
            if THERE not in str(error.body):
                raise

    async def fetch(self, file: File, most: int) -> bytes:
        """The address opens it; whoever keeps the file must not learn the token."""
        return await self._files.fetch_open(file, most)

    async def ping(self) -> str:
        """https://developer.rocket.chat/apidocs/get-profile-information"""
        try:
            me = await self._api.get("/me")
            return f"@{me['username']}, as an agent {me.get('statusLivechat') or 'unknown: is the user one?'}"
        except (DeliveryError, KeyError, TypeError, AttributeError) as error:
            raise ChannelError(f"Rocket.Chat does not know us: {error}") from error

    async def set_webhook(self, url: str) -> str:
        """It is told by a manager."""
        return f"Enter {url} in Rocket.Chat: Omnichannel → Webhooks, with the secret token, and press Send Test."

    async def close(self) -> None:
        """See the port."""
        await self._api.close()
        await self._files.close()

    async def _ask(self, path: str, body: Mapping[str, Any]) -> None:
        try:
            await self._api.post(path, body)
        except RefusedError as error:
            reason = str(error.body)
            if error.status == 400 and any(each in reason for each in GONE):
                error.mark_gone()
            elif found := WAIT.search(reason):
                error.retry_after = error.retry_after or float(found[1])
            raise


KIND = Kind(lambda tools: RocketChat(load_options(RocketChatOptions, NAME), tools), RocketChatOptions, own_desk=True)
