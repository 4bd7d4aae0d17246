"""
Security headers on every answer: pages, files, JSON, errors, redirects, streams and handshakes of WebSockets.

What a page may do is said by `page_policy`; whatever is no page may do nothing, in case a browser takes it for one.
"""

from aiohttp import hdrs, web

from bot.gateway.keys import SERVICES
from bot.gateway.remote import is_secure

CSP = "Content-Security-Policy"
CORP = "Cross-Origin-Resource-Policy"
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# No inline scripts or styles anywhere; the widget styles itself by constructable style sheets.
PAGE = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}; object-src 'none'"
NO_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
ALWAYS = {
    CSP: NOTHING,
    CORP: "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": NO_FEATURES,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Unless a handler says otherwise."""
EMBEDDED = {CORP: "cross-origin", hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*"}
"""Of the widget's files, which other sites load as modules: browsers fetch these with CORS."""
EMBEDDED_PATHS = ("/widget.js", "/widget/")


def page_policy(*ancestors: str) -> str:
    """For a page that sites of these origins may show in a frame; without any nobody may."""
    return PAGE.format(ancestors=" ".join(ancestors) or "'none'")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """To be called before the head of an answer leaves."""
    headers = response.headers
    headers[hdrs.SERVER] = "Postbote"  # not of what versions it is made
    if isinstance(response, web.FileResponse) and response.status < 400:
        if request.path.startswith(EMBEDDED_PATHS):
            headers.update(EMBEDDED)
        # Asked for again each time, which an ETag makes cheap.
        headers.setdefault(hdrs.CACHE_CONTROL, "no-cache")
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    seconds = request.app[SERVICES].settings.hsts_seconds
    if seconds and is_secure(request):
        headers.setdefault("Strict-Transport-Security", f"max-age={seconds}")
