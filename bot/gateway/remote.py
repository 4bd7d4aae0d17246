"""Where a request comes from, behind proxies as well, of which only those are believed that the settings name."""

from ipaddress import ip_address

from aiohttp import hdrs, web

from bot.gateway.keys import SERVICES


def address_of(request: web.Request) -> str:
    """The client's network address; the last one that no proxy of ours vouches for."""
    address = request.remote or ""
    named = [part.strip() for header in request.headers.getall(hdrs.X_FORWARDED_FOR, []) for part in header.split(",")]
    while named and _is_trusted(request, address):
        address = named.pop()
    return address


def is_secure(request: web.Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy of ours."""
    if not _is_trusted(request, request.remote or ""):
        return request.secure
    return request.headers.get(hdrs.X_FORWARDED_PROTO, request.scheme).rpartition(",")[2].strip() == "https"


def _is_trusted(request: web.Request, address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in request.app[SERVICES].settings.trusted_proxies)
