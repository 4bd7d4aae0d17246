"""The desk as an agent handles it."""

import re

from playwright.async_api import Locator, Page, expect

SIGN_IN = "/desk/sign-in"


class Desk:
    """One page with the desk on it, in German."""

    def __init__(self, page: Page, url: str) -> None:
        """`url` is the server's, without a path."""
        self.page = page
        self.url = url
        self.views = page.get_by_role("navigation", name="Hauptnavigation")
        self.lists = page.get_by_role("region", name="Listen")
        self.mine = self._list("Meine")
        self.queue = self._list("Warteschlange")
        self.open = self._list("Alle offenen")
        self.conversation = page.get_by_role("region", name="Gespräch", exact=True)
        self.title = self.conversation.get_by_role("heading", level=2)
        self.log = page.get_by_role("log", name="Gesprächsverlauf")
        self.bubbles = self.log.locator(".bubble")
        self.notices = self.log.locator(".notice-text")
        self.notes = self.log.locator(".note .bubble")
        self.own = self.log.locator(".agent .bubble")
        self.customers = self.log.locator(".customer .bubble")
        self.understood = self.log.locator(".understood")
        self.delivery = self.log.locator(".delivery")
        self.typing = self.log.locator(".typing")
        self.box = page.get_by_role("textbox", name="Antwort", exact=True)
        self.note_box = page.get_by_role("textbox", name="Interne Notiz", exact=True)
        self.suggestions = page.get_by_role("region", name="Vorschläge aus der FAQ").locator(".suggestion")
        self.panel = page.get_by_role("complementary", name="Kundin oder Kunde")
        self.dialog = page.get_by_role("dialog")
        self.offline = page.get_by_text("Keine Verbindung zum Server").or_(page.get_by_text("Kein Netz"))
        self.error = page.locator(".form-error, .toast")

    async def sign_in(self, login: str, password: str) -> None:
        """By password; waits until one is in or it is refused."""
        if SIGN_IN not in self.page.url:
            await self.page.goto(self.url + SIGN_IN)
        await self.page.get_by_label("E-Mail-Adresse").fill(login)
        await self.page.get_by_label("Passwort").fill(password)
        await self.page.get_by_role("button", name="Anmelden", exact=True).click()
        await expect(self.views.or_(self.error.filter(has_text=re.compile(".")))).to_be_visible()

    async def open_view(self, name: str) -> None:
        """By the rail: Gespräche, Suche, Zahlen, Lernen or Verwaltung."""
        link = self.views.get_by_role("link", name=name)
        await link.click()
        await expect(link).to_have_attribute("aria-current", "page")

    async def claim_next(self) -> None:
        """Take the one that waits longest, and wait until one can write."""
        await self.page.get_by_role("button", name="Nächstes übernehmen").click()
        await expect(self.box).to_be_focused()

    async def claim(self, n: int) -> None:
        """Take the n-th of the queue, from 0, and wait until one can write."""
        await self.queue.get_by_role("button", name="übernehmen").nth(n).click()
        await expect(self.box).to_be_focused()

    async def show(self, row: Locator) -> None:
        """Open the conversation of a row of a list."""
        await row.get_by_role("link").click()
        await expect(self.log).to_be_visible()

    async def say(self, text: str) -> None:
        """Type, press Enter, and wait until it stands in the log; not until it is sent."""
        before = await self.own.count()
        await self.box.fill(text)
        await self.box.press("Enter")
        await expect(self.own).to_have_count(before + 1)

    async def note(self, text: str) -> None:
        """For colleagues; then back to the reply."""
        before = await self.notes.count()
        await self.page.get_by_role("button", name="Interne Notiz").click()
        await self.note_box.fill(text)
        await self.note_box.press("Enter")
        await expect(self.notes).to_have_count(before + 1)
        await self.page.get_by_role("button", name="Antwort", exact=True).click()

    async def messages(self) -> list[str]:
        """All that stands in the log, in order: messages, notes and notices."""
        return await self.log.locator(".bubble, .notice-text").all_inner_texts()

    async def transfer_to(self, name: str, note: str = "") -> None:
        """To a colleague or a group."""
        await self._act("Weitergeben")
        await self.dialog.get_by_role("radio", name=re.compile(f"^{re.escape(name)}")).check()
        await self.dialog.get_by_label("Notiz dazu").fill(note)
        await self._confirm("Weitergeben")

    async def give_back(self) -> None:
        """To the bot."""
        await self._act("An den Bot")
        await self._confirm("Zurückgeben")

    async def close(self, reason: str) -> None:
        """The end."""
        await self._act("Abschließen")
        await self.dialog.get_by_role("radio", name=reason).check()
        await self._confirm("Abschließen")

    async def delivery_of_last(self) -> str:
        """Of the last own message, in words: `gesendet`, `zugestellt`, `gelesen` …"""
        return await self.delivery.last.inner_text()

    async def expect_delivery(self, words: str) -> None:
        """Wait until the last own message has come that far."""
        await expect(self.delivery.last).to_contain_text(words, timeout=15_000)

    def _list(self, name: str) -> Locator:
        heading = self.page.get_by_role("heading", level=2).filter(has=self.page.get_by_role("button", name=name))
        return self.lists.locator("section").filter(has=heading).get_by_role("listitem")

    async def _act(self, name: str) -> None:
        await self.conversation.get_by_role("button", name=name, exact=True).click()
        await expect(self.dialog).to_be_visible()

    async def _confirm(self, name: str) -> None:
        await self.dialog.get_by_role("button", name=name, exact=True).click()
        await expect(self.dialog).to_be_hidden()
