"""Messenger, for a Facebook page."""

from pathlib import Path
from typing import ClassVar

from bot.channels.messenger import KIND
from bot.channels.port import Event, Said, SeenUntil, Unreadable
from bot.conversations.files import File
from bot.conversations.model import Incoming
from tests.channels.messaging import CUSTOMER, MessagingContract, at

HERE = Path(__file__).parent
MID = "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P"
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9/"
VIDEO = "https://video.xx.fbcdn.net/v/t42.3356-2/video"
PDF = "https://cdn.fbsbx.com/v/t59.2708-21/Rechnung.pdf?oh=1"


def customer(id: str, text: str, choice: str | None = None, *, opens: bool = False) -> Incoming:
    """What a customer said."""
    return Incoming("messenger", CUSTOMER, f"{MID}{id}", text, choice, 13, 20, opens=opens)


def file(name: str, type: str, url: str) -> File:
    """Attached."""
    return File(name, type, None, url)


class TestMessenger(MessagingContract):
    """See the contract."""

    name = "messenger"
    kind = KIND
    payloads = HERE / "payloads"
    needed = frozenset({"app_secret", "verify_token", "token", "page_id"})
    object = "page"
    account = "682498302938465"
    account_key = "page_id"
    account_fields: ClassVar[dict[str, str]] = {"name": "Lindenpost"}
    events: ClassVar[dict[str, list[Event]]] = {
        "text": [Said(customer("t1", "Wie voll ist mein Postfach?"))],
        "text_reply": [Said(customer("t2", "Das meine ich"))],
        "text_with_link": [Said(customer("t3", "Siehe https://lindenpost.example"))],
        "text_thumbs_up": [Said(customer("t4", "👍"))],
        "text_several": [Said(customer(f"s{number}", text)) for number, text in enumerate(("eins", "zwei", "drei"), 1)],
        "text_echo": [],
        "text_other_page": [],
        "text_standby": [],
        "text_comment": [],
        "button": [Said(customer("b1", "Ja", "abcdefghijklmnop"))],
        "button_postback": [Said(customer("b2", "Ja", "abcdefghijklmnop"))],
        "button_get_started": [Said(customer("b3", "Los geht’s", opens=True))],
        "button_of_another": [Said(customer("b4", "Rot"))],
        "edit": [Said(customer("t1:1", "Wie voll ist mein Postfach denn?"))],
        "edit_as_documented": [Said(customer("t1:2", "Wie voll?"))],
        "attachment_image": [
            Said(customer("a1", ""), (file("123_n.png", "image/png", f"{CDN}123_n.png?_nc_cat=1&oh=abc&oe=5D"),))
        ],
        "attachment_with_text": [
            Said(
                customer("a2", "Das sehe ich"),
                (
                    file("a_n.jpg", "image/jpeg", f"{CDN}a_n.jpg?x=1"),
                    file("b_n.jpg", "image/jpeg", f"{CDN}b_n.jpg?x=1"),
                ),
            )
        ],
        "attachment_file": [Said(customer("a3", ""), (file("Rechnung.pdf", "application/pdf", PDF),))],
        "attachment_video": [Said(customer("a4", ""), (file("video.mp4", "video/mp4", VIDEO),))],
        "unsupported": [Unreadable(customer("u1", "🔗"))],
        "unsupported_voice": [Unreadable(customer("u2", "🎤"))],
        "unsupported_sticker": [Unreadable(customer("u3", "🙂"))],
        "unsupported_sticker_of_before": [Unreadable(customer("u4", "🙂"))],
        "unsupported_location": [Unreadable(customer("u5", "📍"))],
        "unsupported_reel": [Unreadable(customer("u6", "🔗"))],
        "unsupported_booking": [Unreadable(customer("u7", "❓"))],
        "unsupported_reaction": [],
        "unsupported_referral": [],
        "unsupported_optin": [],
        "status_delivered": [SeenUntil(CUSTOMER, at(1458668856253), read=False)],
        "status_read": [SeenUntil(CUSTOMER, at(1458668856253), read=True)],
        "status_user_ref": [],
    }
