"""Where a request comes from, behind proxies."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.keys import SERVICES
from bot.gateway.remote import address_of, is_secure
from bot.settings import Settings
from bot.wiring import build
from tests.fakes import FakeDialogue


async def seen(settings: Settings, proxies: list[str], headers: dict[str, str]) -> tuple[str, bool]:
    """What a server with these proxies sees of a request that comes from 127.0.0.1."""

    async def tell(request: web.Request) -> web.Response:
        return web.json_response([address_of(request), is_secure(request)])

    app = web.Application()
    settings = Settings.model_validate({**settings.model_dump(), "trusted_proxies": proxies})
    app[SERVICES] = build(settings, FakeDialogue())
    app.add_routes([web.get("/", tell)])
    async with TestClient(TestServer(app)) as client:
        address, secure = await (await client.get("/", headers=headers)).json()
    await app[SERVICES].close()
    return address, secure


@pytest.mark.parametrize(
    ("proxies", "headers", "address", "secure"),
    [
        ([], {}, "127.0.0.1", False),
        ([], {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, "127.0.0.1", False),
        (["127.0.0.1"], {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, "192.0.2.1", True),
        (["127.0.0.1"], {"X-Forwarded-For": "6.6.6.6, 192.0.2.1"}, "192.0.2.1", False),
        (["127.0.0.1", "10.0.0.0/8"], {"X-Forwarded-For": "6.6.6.6, 192.0.2.1, 10.1.2.3"}, "192.0.2.1", False),
        (["127.0.0.1", "10.0.0.0/8"], {"X-Forwarded-For": "10.1.2.3"}, "10.1.2.3", False),
        (["127.0.0.1"], {"X-Forwarded-For": "2001:db8::1", "X-Forwarded-Proto": "http, https"}, "2001:db8::1", True),
        (["127.0.0.1"], {"X-Forwarded-Proto": "https, http"}, "127.0.0.1", False),
        (["127.0.0.1"], {"X-Forwarded-For": "unknown"}, "unknown", False),
        (["192.0.2.0/24"], {"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1", False),
    ],
)
async def test_only_our_proxies_are_believed(
    settings: Settings, proxies: list[str], headers: dict[str, str], address: str, secure: bool
) -> None:
    """And of what they pass on, only what they added themselves."""
    assert await seen(settings, proxies, headers) == (address, secure)
