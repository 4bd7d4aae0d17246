"""
Instagram's direct messages, for a professional account; see docs/channels/instagram.md.

https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/messaging-api
"""

from pydantic import Field

from bot.channels.meta import GRAPH_HOST
from bot.channels.meta_messaging import LONGEST_REPLY, MOST_REPLIES, MessagingChannel, MessagingOptions
from bot.channels.options import load_options
from bot.channels.parts import Form
from bot.channels.port import Kind, Tools
from bot.conversations.plain import PLAIN

MESSAGES = "messages,messaging_postbacks"


def utf8(text: str) -> int:
    """Length in bytes, as Instagram counts."""
    return len(text.encode("utf-8", "surrogatepass"))


class InstagramOptions(MessagingOptions):
    """POSTBOTE_CHANNEL_INSTAGRAM_…"""

    account_id: str = Field(pattern=r"^[0-9]{1,32}$", description="Id of the professional account.")


class Instagram(MessagingChannel):
    """The port for it."""

    name = "instagram"
    title = "Instagram"
    object = "instagram"
    form = Form(PLAIN, longest=1000, most_buttons=MOST_REPLIES, measure=utf8, longest_title=LONGEST_REPLY, numbers=True)

    def __init__(self, options: InstagramOptions, tools: Tools) -> None:
        super().__init__(options, tools, options.account_id)
        # A page, by which Facebook login leads here, knows no such field and refuses it.
        self.fields = MESSAGES if options.url.startswith(GRAPH_HOST) else f"{MESSAGES},messaging_seen"

    async def ping(self) -> str:
        """The account's name."""
        return await self.whoami(f"/{self.account}", "username")


KIND = Kind(lambda tools: Instagram(load_options(InstagramOptions, "instagram"), tools), InstagramOptions)
