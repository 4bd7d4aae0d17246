"""A published page, from the web or from a file."""

import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from w3lib.encoding import html_to_unicode

from bot.errors import PostboteError

LARGEST = 5 * 1024 * 1024
_HTML = {"text/html", "application/xhtml+xml"}
_BINARY = re.compile(r"%PDF-|.{0,1000}\0", re.DOTALL)
_TAG = re.compile(r"<(!doctype|[a-z][a-z0-9]*)[\s/>]", re.IGNORECASE)
_HEADERS = {"Accept": "text/html,application/xhtml+xml", "User-Agent": "Postbote FAQ import"}


class PageError(PostboteError):
    """The page could not be had."""

    code = "faq-page"


@dataclass(frozen=True)
class Page:
    """A page's markup, and where it is published; None for a file, which may say so itself."""

    markup: str
    url: str | None


def read_page(path: Path) -> Page:
    """Read a saved page; raises PageError with the reason."""
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(str(path))
        body = path.read_bytes()
    except OSError as error:
        raise PageError(
            f"{path}: cannot be read ({error.strerror}). Name an HTML file, or a page with https:// before it."
        ) from error
    return Page(_decode(body, None, str(path)), None)


async def fetch_page(url: str, seconds: float = 30) -> Page:
    """Fetch a page; raises PageError with the reason."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=_HEADERS, trust_env=True) as session,
            session.get(url, max_redirects=5) as response,
        ):
            _check_response(response, url)
            body = bytearray()
            async for part in response.content.iter_chunked(65536):
                body += part
                if len(body) > LARGEST:
                    raise _too_large(url)
            return Page(_decode(bytes(body), response.headers.get("Content-Type"), url), str(response.url))
    except aiohttp.TooManyRedirects as error:
        raise PageError(f"{url}: more than 5 redirects. Give the address that the browser shows at the end.") from error
    except (aiohttp.InvalidURL, UnicodeError) as error:
        raise PageError(f"{url}: is no address of a page. Copy it from the browser.") from error
    except TimeoutError as error:
        raise PageError(
            f"{url}: no answer within {seconds:g} seconds. Try later, or save the page as a file."
        ) from error
    except aiohttp.ClientError as error:
        raise PageError(f"{url}: cannot be fetched ({error}). Look whether the browser opens it.") from error


def _check_response(response: aiohttp.ClientResponse, url: str) -> None:
    if response.status != 200:
        raise PageError(
            f"{url}: the server answers {response.status} {response.reason}. "
            "Check the address; if the page needs a login, save it in the browser and import the file."
        )
    if response.content_type not in _HTML:
        raise PageError(f"{url}: is {response.content_type}, not HTML. Give the address of the page itself.")
    if response.content_length and response.content_length > LARGEST:
        raise _too_large(url)


def _decode(body: bytes, content_type: str | None, address: str) -> str:
    """The text, by the header, a byte order mark or the page's own word, as browsers read it."""
    text: str = html_to_unicode(content_type, body, auto_detect_fun=_guess)[1]
    if _BINARY.match(text) or not _TAG.search(text):
        raise PageError(f"{address}: is no HTML. Open the page in the browser, save it as HTML, and import that file.")
    return text


def _guess(body: bytes) -> str:
    """Without any word of it: UTF-8 if it can be, else what browsers take for old Western European pages."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _too_large(address: str) -> PageError:
    return PageError(f"{address}: is larger than {LARGEST // 1024 // 1024} MiB. Save only its FAQ part as a file.")
