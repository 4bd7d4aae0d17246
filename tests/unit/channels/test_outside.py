"""Files whose address somebody else chose are not fetched from the hoster's own networks."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.resolver import DefaultResolver
from aiohttp.test_utils import TestServer

from bot.channels.api import Api
from bot.channels.outside import PublicResolver, is_public
from bot.clock import now
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File

PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
    *(
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "255.255.255.255",
    ),
)


def file(reference: str) -> File:
    """At that address."""
    return File("bild.png", "image/png", None, reference)


@pytest.fixture
async def inside() -> AsyncIterator[TestServer]:
    """What is in the hoster's network: `/secret`; and `/there?to=…`, which leads elsewhere."""

    async def secret(request: web.Request) -> web.Response:
        return web.Response(body=b"secret")

    async def there(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def again(request: web.Request) -> web.Response:
        raise web.HTTPFound("/again")

    app = web.Application()
    app.add_routes([web.get("/secret", secret), web.get("/there", there), web.get("/again", again)])
    async with TestServer(app) as server:
        yield server


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address(address: str) -> None:
    """Loopback, private networks, link-local such as a cloud's metadata, whatever way it is written."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address(address: str) -> None:
    """As servers of files have."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "127.1", "0x7f.1", "localhost"]
)
async def test_what_leads_inside_is_not_asked(inside: TestServer, host: str) -> None:
    """Written as an address, as numbers that some systems take for one, or as a name."""
    api = Api("Vendor", "https://vendor.example", 5, now, is_open=True)
    with pytest.raises(DeliveryError):
        await api.fetch_open(file(f"http://{host}:{inside.port}/secret"), 100)
    await api.close()


@pytest.mark.parametrize(
    "target",
    ["http://[::1]:{port}/secret", "http://localhost:{port}/secret", "file:///etc/passwd", "ftp://x/y", "//[::1]/x"],
)
async def test_a_redirect_does_not_lead_inside_either(inside: TestServer, target: str) -> None:
    """The vendor's own host may be private; where it sends on may not."""
    api = Api("Vendor", f"http://127.0.0.1:{inside.port}", 5, now, is_open=True)
    own = f"http://127.0.0.1:{inside.port}"
    assert await api.fetch_open(file(f"{own}/secret"), 100) == b"secret"
    assert await api.fetch_open(file(f"{own}/there?to=/secret"), 100) == b"secret"
    with pytest.raises(DeliveryError):
        await api.fetch_open(file(f"{own}/there?to={target.format(port=inside.port)}"), 100)
    await api.close()


async def test_an_endless_way_ends(inside: TestServer) -> None:
    """After some steps."""
    own = f"http://127.0.0.1:{inside.port}"
    api = Api("Vendor", own, 5, now, is_open=True)
    with pytest.raises(DeliveryError, match="from place to place"):
        await api.fetch_open(file(f"{own}/again"), 100)
    await api.close()


async def test_a_name_with_several_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the public ones are left, so that one cannot be hidden behind another."""

    async def resolve(*_arguments: object) -> list[dict[str, object]]:
        return [{"host": host, "port": 80} for host in ("10.0.0.1", "93.184.215.14")]

    monkeypatch.setattr(DefaultResolver, "resolve", resolve)
    resolver = PublicResolver("own.example")
    assert [each["host"] for each in await resolver.resolve("evil.example", 80, socket.AF_INET)] == ["93.184.215.14"]
    assert len(await resolver.resolve("own.example", 80, socket.AF_INET)) == 2
