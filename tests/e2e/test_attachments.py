"""What a customer attaches in Telegram, as an agent sees it: a real server that polls, a real Chromium."""

from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.channels.telegram.server import TelegramServer
from tests.e2e.conftest import BILL, OpenDesk
from tests.e2e.test_desk import check
from tests.server import Server

ANNA = {"id": 77, "is_bot": False, "first_name": "Anna"}
CHAT = {"id": 77, "type": "private", "first_name": "Anna"}


def message(id: int, **content: Any) -> dict[str, Any]:
    """Anna's."""
    return {"message": {"message_id": id, "from": ANNA, "chat": CHAT, "date": 1764000000, **content}}


async def test_files_and_a_customer_who_is_gone(
    vendor: TelegramServer, polling: Server, desks: OpenDesk, tmp_path: Path
) -> None:
    """A picture is shown, a PDF downloaded, a program not kept; and a notice says that she blocks the bot."""
    berger = await desks(polling, "Frau Berger")
    await vendor.bring(message(1, text="Ich möchte mit einem Menschen sprechen"))
    await expect(berger.queue).to_have_count(1)
    await berger.claim_next()
    await vendor.bring(message(2, photo=[{"file_id": "shot", "file_unique_id": "s", "width": 480, "height": 300}]))
    await vendor.bring(message(3, document={"file_id": "bill", "file_name": "Rechnung März.pdf"}))
    await vendor.bring(message(4, document={"file_id": "tool", "file_name": "bild.png", "mime_type": "image/png"}))

    picture = berger.log.get_by_role("img", name="Bild: photo.jpg")
    await expect(picture).to_be_visible()
    await picture.scroll_into_view_if_needed()
    await expect(picture).to_have_js_property("naturalWidth", 480)
    await expect(berger.log.get_by_text("Dateityp nicht zugelassen")).to_be_visible()
    async with berger.page.expect_download() as started:
        await berger.log.get_by_role("link", name="Rechnung März.pdf").click()
    download = await started.value
    assert download.suggested_filename == "Rechnung März.pdf"
    await download.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == BILL

    blocked = {"chat": CHAT, "from": ANNA, "date": 1, "new_chat_member": {"user": {"id": 123456}, "status": "kicked"}}
    await vendor.bring({"my_chat_member": blocked})
    await berger.page.reload()
    notice = berger.conversation.get_by_role("status").filter(has_text="Nachrichten erreichen diese Person")
    await expect(notice).to_contain_text("The customer blocks the bot in Telegram.")
    await check(berger, "files")
    await vendor.bring(message(5, text="Ich bin wieder da"))
    await expect(notice).to_have_count(0)
