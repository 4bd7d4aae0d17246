"""`python -m bot faq import URL`, with a web site on the loopback interface."""

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.__main__ import main
from bot.faq.web.page import LARGEST, PageError, fetch_page

PAGES = Path(__file__).parent / "pages"


async def faq_page(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGES / "windows_1252.html", headers={"Content-Type": "text/html"})


async def declared(request: web.Request) -> web.Response:
    body = '<meta charset="utf-8"><h1>F</h1><h2>Größe?</h2><p>Siehe <a href="b.html">B</a>.</p>'
    return web.Response(body=body.encode("latin-1"), headers={"Content-Type": "text/html; charset=iso-8859-1"})


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/neu/declared.html")


async def loop(request: web.Request) -> web.Response:
    raise web.HTTPFound("/loop")


async def pdf(request: web.Request) -> web.Response:
    return web.Response(body=b"%PDF-1.7", content_type="application/pdf")


async def picture(request: web.Request) -> web.Response:
    return web.Response(body=b"\x89PNG\0\0", content_type="text/html")


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    for _ in range(LARGEST // 65536 + 2):
        await response.write(b" " * 65536)
    return response


async def silent(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


SITE = {
    "/faq": faq_page,
    "/neu/declared.html": declared,
    "/moved": moved,
    "/loop": loop,
    "/pdf": pdf,
    "/picture": picture,
    "/endless": endless,
    "/silent": silent,
}


@pytest.fixture
async def site(aiohttp_server, monkeypatch: pytest.MonkeyPatch) -> TestServer:
    """A web site on the loopback interface, reached without a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    app = web.Application()
    app.add_routes([web.get(path, handler) for path, handler in SITE.items()])
    return await aiohttp_server(app)


@pytest.fixture
def faq(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An FAQ folder that is not there yet, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return Path("data/faq")


def written(faq: Path) -> dict[str, str]:
    """The FAQ's files and what stands in them."""
    return {path.name: path.read_text(encoding="utf-8") for path in faq.glob("*")}


async def faq_import(address: str) -> int:
    """The command in a thread of its own, because it starts an event loop."""
    return await asyncio.to_thread(main, ["faq", "import", address, "--yes"])


async def test_import_from_the_web(faq: Path, site: TestServer) -> None:
    """The page becomes a file that remembers where it came from."""
    address = str(site.make_url("/faq"))
    assert await faq_import(address) == 0
    assert written(faq)["fragen.md"] == (
        f"# Fragen\n\n<!-- Imported from {address} -->\n\n"
        "## Wie ändere ich die „Größe“? {#aendere-groesse}\n\nFür 5 € – im Menü.\n\n"
        "## Geht das zurück? {#geht-zurueck}\n\nJa.\n"
    )


async def test_import_follows_redirects(faq: Path, site: TestServer) -> None:
    """Links start from where the page was found, and the server's word on the encoding goes before the page's."""
    assert await faq_import(str(site.make_url("/moved")).replace("http", "HTTP")) == 0
    text = written(faq)["f.md"]
    assert f"<!-- Imported from {site.make_url('/neu/declared.html')} -->" in text
    assert f"## Größe? {{#groesse}}\n\nSiehe [B]({site.make_url('/neu/b.html')})." in text


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/weg", "the server answers 404 Not Found. Check the address"),
        ("/pdf", "is application/pdf, not HTML. Give the address of the page itself."),
        ("/picture", "is no HTML."),
        ("/loop", "more than 5 redirects. Give the address that the browser shows at the end."),
        ("/endless", "is larger than 5 MiB. Save only its FAQ part as a file."),
    ],
)
async def test_import_of_an_address_without_faq(
    faq: Path, site: TestServer, capsys: pytest.CaptureFixture[str], path: str, message: str
) -> None:
    """Each has its clear error with the address, and nothing is written."""
    address = str(site.make_url(path))
    assert await faq_import(address) == 1
    out, err = capsys.readouterr()
    assert err.startswith(f"{address}: {message}")
    assert (out, written(faq)) == ("", {})


async def test_import_of_an_address_that_is_not_reachable(
    faq: Path, site: TestServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody listens there: the error has the address and the reason."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/faq"
        assert await faq_import(address) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"{address}: cannot be fetched (")
    assert err.endswith("Look whether the browser opens it.\n")


@pytest.mark.parametrize("address", ["http://[", "https://", "http://a:99999/", f"http://{'a' * 70}.example/"])
def test_import_of_what_is_no_address(faq: Path, capsys: pytest.CaptureFixture[str], address: str) -> None:
    """A broken address is told from one that does not answer."""
    assert main(["faq", "import", address]) == 1
    assert capsys.readouterr().err == f"{address}: is no address of a page. Copy it from the browser.\n"


async def test_page_that_does_not_come(site: TestServer) -> None:
    """A server that stays silent is given up."""
    with pytest.raises(PageError, match=r"silent: no answer within 0\.1 seconds\. Try later"):
        await fetch_page(str(site.make_url("/silent")), seconds=0.1)
