"""Write into the audit log what the signed-in agent reads and does."""

from aiohttp import web

from bot.desk.guard import SESSION
from bot.gateway.keys import SERVICES
from bot.gateway.remote import address_of


async def record(
    request: web.Request, action: str, *, conversation: str | None = None, subject: str | None = None
) -> None:
    """See bot.staff.audit.Entry for what to write; call it once the act is done, or before something is shown."""
    session = request.get(SESSION)
    agent = session.agent if session else None
    audit = request.app[SERVICES].staff.audit
    await audit.record(agent, action, conversation=conversation, subject=subject, source=address_of(request))
