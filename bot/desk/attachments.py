"""Files that customers attached, for agents to see."""

from urllib.parse import quote

from aiohttp import hdrs, web

from bot.desk.acts import record
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import BadRequestError
from bot.gateway.headers import CSP
from bot.gateway.keys import SERVICES
from bot.staff.model import Role

HEADERS = {
    # Whatever a customer sent: it is no page of ours, runs nothing, and is what we say that it is.
    CSP: "default-src 'none'; frame-ancestors 'none'; sandbox",
}

routes = DeskRoutes()


@routes.get("/desk/api/conversations/{id}/attachments/{attachment}", role=Role.AGENT)
async def download(request: web.Request) -> web.Response:
    """One that is kept. Always a download; a page of ours can show it as a picture nevertheless."""
    services, key, number = request.app[SERVICES], request.match_info["id"], request.match_info["attachment"]
    is_number = number.isascii() and number.isdecimal() and len(number) <= 9
    found = await services.attachments.find(key, int(number)) if is_number else None
    if found is None:
        raise BadRequestError(404, "unknown_attachment", f"No attachment {number[:20]} is kept in this conversation.")
    attachment, content = found
    await record(request, "attachment", conversation=key, subject=f"{attachment.id} {attachment.name}")
    named = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"
    response = web.Response(body=content, headers={**HEADERS, hdrs.CONTENT_DISPOSITION: named})
    response.content_type = attachment.type
    if attachment.type.startswith("text/"):
        response.charset = "utf-8"
    return response
