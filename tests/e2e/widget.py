"""The widget as a customer handles it. Playwright looks into its shadow root by itself."""

from typing import Any

from playwright.async_api import Page, expect

FOCUS = """() => {
  const active = document.querySelector("postbote-chat").shadowRoot.activeElement;
  return active && (active.className || active.tagName.toLowerCase());
}"""


class Widget:
    """One page with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator(".panel")
        self.launcher = page.locator(".launcher")
        self.box = page.locator("textarea")
        self.own = page.locator(".list .customer .bubble")
        self.replies = page.locator(".list .bot .bubble")
        self.choices = page.locator(".choice")
        self.pending = page.locator(".pending")
        self.offline = page.locator(".offline")
        self.error = page.locator(".error")
        self.badge = page.locator(".badge")
        self.agents = page.locator(".list .agent .bubble")
        self.notices = page.locator(".list .notice")
        self.typing = page.locator(".list .typing, .typing").first
        self.name = page.locator(".names h2")
        self.holder = page.locator(".holder")
        self.menu = page.get_by_role("button", name="Menü")
        self.items = page.get_by_role("menuitem")
        self.thumbs = page.locator(".thumb")

    async def open(self) -> None:
        """Press the chat button, unless the panel is open."""
        await expect(self.launcher.or_(self.panel).first).to_be_attached()
        if not await self.panel.is_visible():
            await self.launcher.click()
        await expect(self.panel).to_be_visible()

    async def say(self, text: str) -> None:
        """Type and press Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def ask(self, text: str) -> str:
        """Say it, wait for one further reply, return its words."""
        before = await self.replies.count()
        await self.say(text)
        await expect(self.replies).to_have_count(before + 1, timeout=15_000)
        return await self.replies.nth(before).inner_text()

    async def transcript(self) -> list[str]:
        """All messages, in order."""
        return await self.page.locator(".list .bubble").all_inner_texts()

    async def focused(self) -> Any:
        """The class or tag of what has the focus within the widget."""
        return await self.page.evaluate(FOCUS)
