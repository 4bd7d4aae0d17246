"""Where a request comes from, behind proxies as well, of which only those are believed that the settings name."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import hdrs, web

from bot.gateway.keys import SERVICES

COUNTED_BITS = 64
"""Of an IPv6 address: what one customer's line has, https://www.rfc-editor.org/rfc/rfc6177."""

Networks = Sequence[IPv4Network | IPv6Network]


def address_of(request: web.Request) -> str:
    """The client's network address; the last one that no proxy of ours vouches for."""
    address = request.remote or ""
    named = [part.strip() for header in request.headers.getall(hdrs.X_FORWARDED_FOR, []) for part in header.split(",")]
    while named and _is_trusted(request, address):
        address = named.pop()
    return address


def network_of(request: web.Request) -> str:
    """What counts as one address: an IPv4 address, or a network of /64, of which anybody has all the addresses."""
    address = address_of(request)
    if ":" not in address:
        return address
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((int(parsed), COUNTED_BITS), strict=False).network_address)


def is_in(address: str, networks: Networks) -> bool:
    """Whether it is one of theirs; no address is in none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


def is_secure(request: web.Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy of ours."""
    if not _is_trusted(request, request.remote or ""):
        return request.secure
    return request.headers.get(hdrs.X_FORWARDED_PROTO, request.scheme).rpartition(",")[2].strip() == "https"


def _is_trusted(request: web.Request, address: str) -> bool:
    networks = request.app[SERVICES].settings.trusted_proxies
    return bool(networks) and is_in(address, networks)
