"""A real Chromium and a real server."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, async_playwright

from tests.channels.telegram.server import TOKEN, TelegramServer
from tests.e2e.desk import Desk
from tests.e2e.gateway import Gateway
from tests.e2e.widget import Widget
from tests.server import Server
from tests.unit.test_media import png

BILL = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
DESKTOP = {"width": 1280, "height": 800}
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]

POLICY = "Content Security Policy"
VIOLATIONS = f"""
addEventListener("securitypolicyviolation", (violation) =>
  console.error("{POLICY}: " + violation.violatedDirective + " " + violation.blockedURI));
"""

Visit = Callable[..., Awaitable[Widget]]
OpenDesk = Callable[..., Awaitable[Desk]]
Begin = Callable[[], Awaitable[Widget]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these share one browser, hence one event loop."""
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


async def watch(context: BrowserContext, errors: list[str]) -> None:
    """Note what scripts fail at, and what our own content security policy keeps them from."""

    def note(message: ConsoleMessage) -> None:
        if POLICY in message.text:
            errors.append(message.text)

    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", note)
    await context.add_init_script(VIOLATIONS)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One for all tests."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests share; those that kill theirs start one of their own."""
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.kill()


@pytest.fixture
def own_server(model: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that the test may kill."""
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def customer(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Somebody who has never been here: no storage, a desktop, German. An error of any script fails the test."""
    errors: list[str] = []
    context = await browser.new_context(viewport=DESKTOP, locale="de-DE")
    await watch(context, errors)
    yield context
    await context.close()
    assert not errors


@pytest_asyncio.fixture(loop_scope="session")
async def desks(browser: Browser) -> AsyncIterator[OpenDesk]:
    """`await desks(server, "Frau Berger")` makes the account by the command line, and signs in with its password."""
    errors: list[str] = []
    async with AsyncExitStack() as stack:

        async def sign_in(server: Server, name: str, *options: str) -> Desk:
            login = f"{name.rsplit(maxsplit=1)[-1].lower()}@lindenpost.example"
            printed = server.run("desk", "add-agent", login, "--name", name, *options)
            context = await browser.new_context(viewport=DESKTOP, locale="de-DE")
            stack.push_async_callback(context.close)
            await watch(context, errors)
            desk = Desk(await context.new_page(), server.url)
            await desk.sign_in(login, printed.partition("Password: ")[2].strip())
            return desk

        yield sign_in
    assert not errors


@pytest_asyncio.fixture(loop_scope="session")
async def vendor() -> AsyncIterator[TelegramServer]:
    """Telegram, with Anna's files."""
    vendor = TelegramServer()
    vendor.files = {"shot": png(480, 300), "bill": BILL, "tool": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(90)}
    await vendor.start()
    yield vendor
    await vendor.stop()


@pytest.fixture
def polling(model: Path, vendor: TelegramServer, tmp_path: Path) -> Iterator[Server]:
    """A server that asks it, and keeps what is attached."""
    server = Server(
        tmp_path,
        channels='["telegram"]',
        channel_telegram_token=TOKEN,
        channel_telegram_polling="true",
        channel_telegram_url=vendor.url,
        attachments="keep",
    )
    yield server
    server.kill()


@pytest.fixture
def visit(customer: BrowserContext) -> Visit:
    """Open a page of the server in a new tab, and the widget on it."""

    async def visit(server: Server, path: str = "/") -> Widget:
        page = await customer.new_page()
        await page.goto(server.url + path)
        widget = Widget(page)
        await widget.open()
        return widget

    return visit


@pytest_asyncio.fixture(loop_scope="session")
async def gateway(customer: BrowserContext) -> Gateway:
    """What the customer's pages talk to, over a WebSocket."""
    gateway = Gateway()
    await gateway.attach(customer)
    return gateway


@pytest.fixture
def begin(server: Server, visit: Visit, gateway: Gateway) -> Begin:
    """An open widget whose customer has said something."""

    async def begin() -> Widget:
        widget = await visit(server)
        await widget.say("hallo")
        await gateway.hears(type="say")
        return widget

    return begin
