"""
Where addresses that others chose may lead: to what everybody can reach, and not into the hoster's own networks.

A file's address comes with a vendor's call and may lead on by redirects, so each step is looked at: by its name when
that is resolved, as the address that is then connected to.
"""

import socket
from ipaddress import IPv6Address, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver


def is_literal(host: str) -> bool:
    """Whether it is an address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """
    Whether everybody can reach it.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and (inner := parsed.ipv4_mapped or parsed.sixtofour):
        parsed = inner
    return parsed.is_global and not parsed.is_multicast


class PublicResolver(AbstractResolver):
    """Knows no private addresses but those of one host."""

    def __init__(self, own: str) -> None:
        """`own` is that host."""
        self._own = own
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """See aiohttp; OSError where nothing is left."""
        found = await self._resolver.resolve(host, port, family)
        if host == self._own:
            return found
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise OSError(f"{host} is in a network that is not public")
        return public

    async def close(self) -> None:
        """See aiohttp."""
        await self._resolver.close()
