"""
Telegram, by its Bot API: https://core.telegram.org/bots/api

It calls us (`setWebhook`), or we ask it (`getUpdates`) where we have no public address.
"""

import asyncio
import hmac
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import unescape
from typing import Any

import structlog
from aiohttp import ClientTimeout
from pydantic import Field, SecretStr, field_validator

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForeignError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form, utf16
from bot.channels.payload import Payload, check_same, fit, read
from bot.channels.port import Call, Channel, Event, Kind, Part, Take, Tools
from bot.channels.styles import TELEGRAM
from bot.channels.telegram_updates import WANTED, Number, Place, Reader, Update
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Incoming

HEADER = "X-Telegram-Bot-Api-Secret-Token"
TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]{20,}")
POLL = 25
"""Seconds that Telegram may keep a question for updates open."""
GONE = ("chat not found", "user not found", "user is deactivated", "group is deactivated", "chat was deleted")
"""What a description says besides 403 when nothing will reach the customer any more."""
CONFLICT = (
    "Somebody else reads this bot's updates: another installation with the same token, or a webhook that was set "
    "meanwhile. Give each installation a bot of its own. Telegram says: "
)

log = structlog.get_logger(stop="channel")


class TelegramOptions(Options):
    """POSTBOTE_CHANNEL_TELEGRAM_…"""

    token: SecretStr = Field(description="The bot's token from @BotFather, such as 123456:ABC-DEF….")
    polling: bool = Field(False, description="Ask Telegram for messages, instead of being called.")
    url: str = Field("https://api.telegram.org", description="Where its Bot API is; another one for a server of yours.")

    @field_validator("token")
    @classmethod
    def _whole(cls, token: SecretStr) -> SecretStr:
        if not TOKEN.fullmatch(plain(token)):
            raise ValueError("a token is a number, a colon, and at least 20 letters, digits, - or _")
        return token


class Parameters(Payload):
    """https://core.telegram.org/bots/api#responseparameters"""

    migrate_to_chat_id: Number | None = None
    retry_after: Number | None = None


class Failure(Payload):
    """https://core.telegram.org/bots/api#making-requests"""

    description: str = ""
    parameters: Parameters = Parameters()


class Telegram(Channel):
    """See the module."""

    name = "telegram"
    form = Form(TELEGRAM, longest=4096, most_buttons=10, measure=utf16)

    def __init__(self, options: TelegramOptions, tools: Tools) -> None:
        token = plain(options.token)
        # Both sides know the token: there is no second secret to keep.
        self._secret = hmac.new(token.encode(), b"postbote webhook", sha256).hexdigest()
        self._bot = int(token.partition(":")[0])
        self._username: str | None = None
        self._polling = options.polling
        self._files = f"{options.url.rstrip('/')}/file/bot{token}"
        self._api = Api("Telegram", f"{options.url.rstrip('/')}/bot{token}", tools.timeout, tools.clock)
        self._patience = ClientTimeout(total=POLL + tools.timeout)
        self._notes = tools.notes

    async def check(self, call: Call) -> None:
        """The secret that `set_webhook` told."""
        check_same(call.headers.get(HEADER, ""), self._secret, HEADER)
        if self._username is None:
            self._username = ((await self._notes.find(self.name, "me")) or {}).get("username", "")

    def parse(self, call: Call) -> Sequence[Event]:
        """One update a call."""
        return self._events(read(call.body, Update))

    def _events(self, update: Update) -> Sequence[Event]:
        return Reader(self.name, self._bot, self._username or "", self.form.most_buttons).events(update)

    async def post(self, address: str, part: Part) -> None:
        """https://core.telegram.org/bots/api#sendmessage"""
        place = Place.read(address)
        body: dict[str, Any] = {
            "chat_id": await self._chat(place),
            "text": part.text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if place.thread:
            body["message_thread_id"] = place.thread
        if part.buttons:
            keys = [[{"text": button.title, "callback_data": button.id}] for button in part.buttons]
            body["reply_markup"] = {"inline_keyboard": keys}
        try:
            await self._ask("sendMessage", body)
        except RefusedError as error:
            await self._ask("sendMessage", await self._other_way(error, body))

    async def _other_way(self, error: RefusedError, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises the error where there is none."""
        failure = _failure(error)
        if moved := failure.parameters.migrate_to_chat_id:
            await self._notes.keep(self.name, f"moved:{body['chat_id']}", {"to": moved})
            return {**body, "chat_id": moved}
        if "can't parse entities" in failure.description:
            log.warning("Telegram does not understand our HTML, sent as plain text", error=str(error))
            return {**{key: value for key, value in body.items() if key != "parse_mode"}, "text": bare(body["text"])}
        raise error

    async def _chat(self, place: Place) -> int:
        """A group that became a supergroup has another id."""
        if place.user is None:
            return place.chat
        moved = await self._notes.find(self.name, f"moved:{place.chat}")
        return int(moved["to"]) if moved else place.chat

    async def acknowledge(self, incoming: Incoming) -> None:
        """Shows that we write; after a button that it was pressed, and that it cannot be pressed again."""
        place = Place.read(incoming.address)
        thread = {"message_thread_id": place.thread} if place.thread else {}
        marks = [self._ask("sendChatAction", {"chat_id": place.chat, "action": "typing", **thread})]
        if query := incoming.metadata.get("query"):
            pressed = {"chat_id": place.chat, "message_id": incoming.metadata["message"]}
            marks.insert(0, self._ask("answerCallbackQuery", {"callback_query_id": query}))
            marks.append(self._ask("editMessageReplyMarkup", pressed))
        done = await asyncio.gather(*marks, return_exceptions=True)
        if failed := next((each for each in done if isinstance(each, BaseException)), None):
            raise failed

    async def fetch(self, file: File, most: int) -> bytes:
        """https://core.telegram.org/bots/api#getfile; Telegram itself gives no more than 20 MB."""
        found = await self._ask("getFile", {"file_id": file.reference})
        path = found.get("file_path") if isinstance(found, dict) else None
        if not path:
            raise DeliveryError("Telegram does not say where the file is.")
        return await self._api.fetch(f"{self._files}/{path}", most)

    @property
    def listens(self) -> bool:
        """By polling."""
        return self._polling

    async def listen(self, take: Take) -> None:
        """An update is confirmed by the next question, and so only when it is stored."""
        await self._know_me()
        await self._ask("deleteWebhook", {})
        question: dict[str, Any] = {"timeout": POLL, "allowed_updates": WANTED}
        while True:
            for update in await self._updates(question):
                await take(self._understood(update))
                question["offset"] = update["update_id"] + 1

    async def _updates(self, question: Mapping[str, Any]) -> list[Any]:
        try:
            updates = await self._ask("getUpdates", question, timeout=self._patience)
        except RefusedError as error:
            if error.status == 409:
                raise ChannelError(f"{CONFLICT}{_failure(error).description}") from error
            raise
        return [each for each in updates or () if isinstance(each.get("update_id"), int)]

    def _understood(self, update: Any) -> Sequence[Event]:
        try:
            return self._events(fit(update, Update))
        except ForeignError as error:
            # It would else come again and again, and nothing after it.
            log.warning("update not understood", update=update.get("update_id"), error=str(error))
            return []

    async def ping(self) -> str:
        """Our name, and whether Telegram reaches us: https://core.telegram.org/bots/api#getwebhookinfo"""
        me = await self._know_me()
        if self._polling:
            return f"{me}, by polling"
        hook = await self._get("getWebhookInfo")
        if not hook.get("url"):
            raise ChannelError(f"{me} has no webhook. Run python -m bot channels connect telegram.")
        trouble = hook.get("last_error_message")
        return f"{me}, {hook['url']}" + (f"; Telegram's last error there: {trouble}" if trouble else "")

    async def set_webhook(self, url: str) -> str:
        """One call at a time, so that messages stay in order: https://core.telegram.org/bots/api#setwebhook"""
        if self._polling:
            raise ChannelError("POSTBOTE_CHANNEL_TELEGRAM_POLLING is on. Switch it off to be called instead.")
        me = await self._know_me()
        hook = {"url": url, "secret_token": self._secret, "allowed_updates": WANTED, "max_connections": 1}
        await self._get("setWebhook", hook)
        return f"Telegram brings the messages of {me} to {url} from now on."

    async def _know_me(self) -> str:
        self._username = str((await self._get("getMe")).get("username", ""))
        await self._notes.keep(self.name, "me", {"username": self._username})
        return f"@{self._username}"

    async def close(self) -> None:
        """See the port."""
        await self._api.close()

    async def _get(self, method: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """For operators. Raises ChannelError."""
        try:
            found = await self._ask(method, body or {})
        except DeliveryError as error:
            raise ChannelError(str(error)) from error
        return found if isinstance(found, dict) else {}

    async def _ask(self, method: str, body: Mapping[str, Any], **arguments: Any) -> Any:
        try:
            answer = await self._api.post(f"/{method}", body, **arguments)
        except RefusedError as error:
            failure = _failure(error)
            error.retry_after = failure.parameters.retry_after or error.retry_after
            if error.status == 403 or any(reason in failure.description for reason in GONE):
                error.mark_gone()
            raise
        return answer.get("result") if isinstance(answer, dict) else None


def bare(text: str) -> str:
    """Our own HTML without its marks, and links with their addresses."""
    told = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 (\1)", text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", told))


def _failure(error: RefusedError) -> Failure:
    try:
        return fit(error.body, Failure)
    except ForeignError:
        return Failure()


KIND = Kind(lambda tools: Telegram(load_options(TelegramOptions, "telegram"), tools), TelegramOptions)
