"""Write down who read and did what."""

from aiohttp import web


async def record(
    request: web.Request, action: str, conversation: str | None = None, subject: str | None = None
) -> None:
    """STAFF brings it."""
