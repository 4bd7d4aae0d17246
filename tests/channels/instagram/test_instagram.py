"""Instagram's direct messages."""

from pathlib import Path
from typing import ClassVar

from bot.channels.instagram import KIND
from bot.channels.port import Event, Said, SeenUntil, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from tests.channels.messaging import CUSTOMER, MessagingContract, at
from tests.channels.road import Road
from tests.channels.vendor import Vendor

HERE = Path(__file__).parent
MID = (
    "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDAwMDA4NDYwMDU2OjM0MDI4MjM2Njg0MTcxMDMwMTI0NDI1OTg3MTUzNjUyNTgyNjM3"
    "MDozMjIyNzE2NTg2NjQ1NDY4MTI5NTQ1ODE1NjI2OTQxMjM1MgZDZD"
)
FILE = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=18011111111111111&signature=abc"


def customer(id: str, text: str, choice: str | None = None) -> Incoming:
    """What a customer said."""
    return Incoming("instagram", CUSTOMER, f"{MID}{id}", text, choice, 13, 20)


class TestInstagram(MessagingContract):
    """See the contract."""

    name = "instagram"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"app_secret", "verify_token", "token", "account_id"})
    object = "instagram"
    account = "17841400008460056"
    account_key = "account_id"
    account_fields: ClassVar[dict[str, str]] = {"username": "lindenpost"}
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(customer("t1", "Wie voll ist mein Postfach?"))],
        "text_reply": [Said(customer("t2", "Das meine ich"))],
        "text_story_reply": [Said(customer("t3", "Tolle Story"))],
        "text_echo": [],
        "text_echo_of_oneself": [],
        "text_other_account": [],
        "text_standby": [],
        "text_comment": [],
        "button": [Said(customer("b1", "Ja", "abcdefghijklmnop"))],
        "button_icebreaker": [Said(customer("b2", "Wie voll ist mein Postfach?"))],
        "edit": [Said(customer("t1:1", "Wie voll ist mein Postfach denn?"))],
        "edit_without_sender": [],
        "edit_deleted": [],
        "attachment_image": [Said(customer("a1", ""), (File("image.jpg", "image/jpeg", None, FILE),))],
        "attachment_video": [Said(customer("a2", ""), (File("video.mp4", "video/mp4", None, FILE),))],
        "unsupported": [Unreadable(customer("u1", "❓"))],
        "unsupported_voice": [Unreadable(customer("u2", "🎤"))],
        "unsupported_share": [Unreadable(customer("u3", "🔗"))],
        "unsupported_reel": [Unreadable(customer("u4", "🔗"))],
        "unsupported_story_mention": [],
        "unsupported_reaction": [],
        "unsupported_referral": [],
        "status_seen": [SeenUntil(CUSTOMER, at(1569262486134), read=True)],
    }

    async def test_the_limit_counts_bytes(self, road: Road, vendor: Vendor) -> None:
        """An umlaut is two."""
        await self.say(road, "ü" * 600)
        await road.deliver()
        texts = self.texts(vendor)
        assert all(len(text.encode()) <= 1000 for text in texts)
        assert "".join(texts).count("ü") == 600
