"""What an OpenAI-compatible endpoint answered: the model's text, or what went wrong and whether waiting helps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.backoff import seconds_of
from bot.faq.phrasings.errors import ChatError, NoDraftsError

_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_FILTERED = frozenset({"content_filter", "content_policy_violation"})
_UNPAID = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


@dataclass(frozen=True)
class Response:
    """An answer of the endpoint."""

    url: str
    model: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def content_of(response: Response) -> str:
    """The model's text. Raises ChatError where it is no completion, NoDraftsError where it is one without a text."""
    answer = _decoded(response.body)
    if not isinstance(answer, dict):
        raise ChatError(
            f"{response.url} answered no JSON but {_excerpt(response.body)}",
            "Is POSTBOTE_PHRASINGS_URL the base address of an OpenAI-compatible API, mostly one that ends in /v1?",
        )
    if error := _error_of(answer):
        raise ChatError(f"{response.url} answered with an error: {error}", "Look at the endpoint's log.")
    choices = answer.get("choices")
    if not isinstance(choices, list):
        raise ChatError(
            f"{response.url} answered JSON without `choices`: {_excerpt(response.body)}",
            "Is it an OpenAI-compatible chat endpoint?",
        )
    return _content_of_choice(choices[0] if choices else None)


def refusal_of(response: Response, now: datetime) -> ChatError | NoDraftsError:
    """The error for an answer whose HTTP status is not 200."""
    answer = _decoded(response.body)
    said = _error_of(answer) or _excerpt(response.body)
    codes = _codes_of(answer)
    what = f"{response.url} answered with HTTP status {response.status}: {said}"
    if codes & _FILTERED:
        return NoDraftsError(f"The endpoint's content filter refused the request: {said}.")
    if codes & _UNPAID:
        return ChatError(what, "The account has nothing left: look at its billing.")
    if response.status in _PASSING:
        pause = seconds_of(response.headers.get("Retry-After", ""), now)
        return ChatError(what, _patience(response.status, pause), is_passing=True, pause=pause)
    return ChatError(what, _remedy(response))


def _content_of_choice(choice: Any) -> str:
    if not isinstance(choice, dict) or not isinstance(message := choice.get("message"), dict):
        raise NoDraftsError("The endpoint answered without a message (no choices). Try again.")
    text = _text_of(message.get("content")).strip()
    reason = choice.get("finish_reason")
    if reason == "length":
        raise NoDraftsError(
            "The answer was cut off (finish_reason: length). Ask for fewer phrasings with -n, or let the model "
            "write more tokens."
        )
    if reason == "content_filter":
        raise NoDraftsError("The endpoint's content filter stopped the answer (finish_reason: content_filter).")
    if refusal := message.get("refusal"):
        raise NoDraftsError(f"The model refused: {str(refusal)[:200]}")
    if not text:
        raise NoDraftsError(f"The model's answer was empty (finish_reason: {reason}). Try again.")
    return text


def _text_of(content: Any) -> str:
    """Some answer in parts, of which those with text count."""
    if isinstance(content, list):
        return "".join(str(part["text"]) for part in content if isinstance(part, dict) and "text" in part)
    return content if isinstance(content, str) else ""


def _remedy(response: Response) -> str:
    match response.status:
        case 401 | 403:
            return "Check POSTBOTE_PHRASINGS_KEY, and what it may be used for."
        case 404:
            return (
                f"Is there a model `{response.model}` (POSTBOTE_PHRASINGS_MODEL), and is POSTBOTE_PHRASINGS_URL the "
                "base address, mostly one that ends in /v1?"
            )
        case status if 300 <= status < 400:
            place = response.headers.get("Location", "elsewhere")
            return f"It sends us to {place}: write the address itself into POSTBOTE_PHRASINGS_URL."
    return "Check POSTBOTE_PHRASINGS_MODEL and POSTBOTE_PHRASINGS_URL."


def _patience(status: int, pause: float) -> str:
    when = f"in {pause:.0f} seconds" if pause else "later"
    return f"Too many requests: try again {when}." if status == 429 else f"The endpoint is in trouble: try {when}."


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _error_of(answer: Any) -> str:
    """`{"error": {"message": …}}`, as OpenAI has it, or what others make of that."""
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error") or answer.get("detail")
    if isinstance(error, dict):
        error = error.get("message") or error
    return " ".join(str(error).split())[:300].rstrip(".") if error else ""


def _codes_of(answer: Any) -> set[str]:
    error = answer.get("error") if isinstance(answer, dict) else None
    return {str(error.get(key)) for key in ("code", "type")} if isinstance(error, dict) else set()


def _excerpt(body: bytes) -> str:
    text = " ".join(body.decode(errors="replace").split())[:120]
    return f"“{text}”" if text else "nothing"
