"""
Messenger, for a Facebook page; see docs/channels/messenger.md.

https://developers.facebook.com/documentation/business-messaging/messenger-platform
"""

from pydantic import Field

from bot.channels.meta_messaging import LONGEST_REPLY, MOST_REPLIES, MessagingChannel, MessagingOptions
from bot.channels.options import load_options
from bot.channels.parts import Form, utf16
from bot.channels.port import Kind, Tools
from bot.conversations.plain import PLAIN


class MessengerOptions(MessagingOptions):
    """POSTBOTE_CHANNEL_MESSENGER_…"""

    page_id: str = Field(pattern=r"^[0-9]{1,32}$", description="Id of the Facebook page.")


class Messenger(MessagingChannel):
    """The port for it."""

    name = "messenger"
    title = "Messenger"
    object = "page"
    fields = "messages,messaging_postbacks,message_edits,message_deliveries,message_reads"
    form = Form(
        PLAIN, longest=2000, most_buttons=MOST_REPLIES, measure=utf16, longest_title=LONGEST_REPLY, numbers=True
    )

    def __init__(self, options: MessengerOptions, tools: Tools) -> None:
        super().__init__(options, tools, options.page_id)

    async def ping(self) -> str:
        """The page's name."""
        return await self.whoami(f"/{self.account}", "name")


KIND = Kind(lambda tools: Messenger(load_options(MessengerOptions, "messenger"), tools), MessengerOptions)
