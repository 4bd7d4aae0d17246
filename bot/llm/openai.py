"""
A language model behind an OpenAI-compatible endpoint, hosted or local.

https://platform.openai.com/docs/api-reference/chat/create. Only what every such server knows is sent: model and
messages; some refuse a temperature, others the limit of tokens under one of its two names.
"""

from dataclasses import dataclass
from typing import Any

import stamina
from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, InvalidURL

from bot.clock import now
from bot.faq.phrasings.errors import ChatError
from bot.llm.completion import Response, content_of, refusal_of

ATTEMPTS = 4
LONGEST_WAIT = 120.0
"""Seconds that a person waits for an endpoint that asks for patience."""
LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked."""

    url: str
    """Such as https://api.example/v1; `/chat/completions` follows."""
    model: str
    key: str
    """Empty: none is sent."""
    timeout: float
    """Seconds that one answer may take."""


class OpenAiChat:
    """The port `bot.faq.phrasings.ports.Chat`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def ask(self, prompt: str) -> str:
        """See the port."""
        body = {
            "model": self._endpoint.model,
            "messages": [{"role": "user", "content": prompt}],
            "stream": False,
        }
        retrying = stamina.AsyncRetryingCaller(attempts=ATTEMPTS, timeout=None, wait_initial=1, wait_max=20)
        # Without arguments, which stamina would log.
        return await retrying(pause_before_retry, lambda: self._attempt(body))

    async def _attempt(self, body: dict[str, Any]) -> str:
        response = await self._post(body)
        if response.status != 200:
            raise refusal_of(response, now())
        return content_of(response)

    async def _post(self, body: dict[str, Any]) -> Response:
        endpoint = self._endpoint
        try:
            async with ClientSession(timeout=ClientTimeout(total=endpoint.timeout), trust_env=True) as session:
                return await self._answer(session, body)
        except TimeoutError as error:
            raise ChatError(
                f"{endpoint.url} gave no answer within {endpoint.timeout:g} seconds",
                "Raise POSTBOTE_PHRASINGS_TIMEOUT, or ask for fewer phrasings with -n.",
            ) from error
        except InvalidURL as error:
            raise ChatError(f"{endpoint.url!r} is no address", "Put POSTBOTE_PHRASINGS_URL right.") from error
        except ClientConnectorError as error:
            raise ChatError(
                f"{endpoint.url} cannot be reached ({error.strerror or error})",
                "Does the endpoint run, and is POSTBOTE_PHRASINGS_URL its address?",
            ) from error
        except ClientError as error:
            raise ChatError(
                f"{endpoint.url} broke off the connection ({error})", "Try later.", is_passing=True
            ) from error

    async def _answer(self, session: ClientSession, body: dict[str, Any]) -> Response:
        endpoint = self._endpoint
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        address = f"{endpoint.url}/chat/completions"
        # A redirect would carry the key elsewhere.
        async with session.post(address, json=body, headers=headers, allow_redirects=False) as response:
            text = bytearray()
            async for part in response.content.iter_chunked(65536):
                text += part
                if len(text) > LARGEST:
                    raise ChatError(f"{endpoint.url} does not stop answering", "Is it a chat endpoint?")
            return Response(endpoint.url, endpoint.model, response.status, response.headers, bytes(text))


def pause_before_retry(error: Exception) -> bool | float:
    """Seconds until the next attempt, or True for a backoff; False where there is none."""
    if not isinstance(error, ChatError) or not error.is_passing or error.pause > LONGEST_WAIT:
        return False
    return error.pause or True
