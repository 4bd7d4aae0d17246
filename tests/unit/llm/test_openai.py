"""A language model behind an OpenAI-compatible endpoint: what is asked of it, and every way in which it fails."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import stamina
from aiohttp import web

from bot.clock import now
from bot.errors import SettingsError
from bot.faq.phrasings.errors import ChatError, NoDraftsError
from bot.llm.choose import create_chat
from bot.llm.completion import Response, refusal_of
from bot.llm.openai import ATTEMPTS, Endpoint, OpenAiChat, pause_before_retry
from bot.settings import load_settings
from tests.chat_endpoint import KEY, MODEL, ChatEndpoint, Fault, choice, completion, refusal


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ChatEndpoint]:
    """The endpoint, reached without a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    server = ChatEndpoint()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    """All attempts, without the pauses between them."""
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def endpoint(server: ChatEndpoint) -> Endpoint:
    """How it is reached."""
    return Endpoint(server.url, MODEL, KEY, timeout=30)


async def test_only_model_and_prompt_are_sent(server: ChatEndpoint, endpoint: Endpoint) -> None:
    """Nothing that some servers refuse, such as a temperature."""
    server.script.append("[]")
    assert await OpenAiChat(endpoint).ask("Hallo") == "[]"
    assert server.asked == [
        {"model": MODEL, "messages": [{"role": "user", "content": "Hallo"}], "stream": False},
    ]


async def test_a_local_endpoint_needs_no_key(server: ChatEndpoint, endpoint: Endpoint) -> None:
    """Without one no header is sent; this server wants one and says so."""
    with pytest.raises(ChatError, match="POSTBOTE_PHRASINGS_KEY"):
        await OpenAiChat(replace(endpoint, key="")).ask("Hallo")


async def test_text_in_parts_is_put_together(server: ChatEndpoint, endpoint: Endpoint) -> None:
    """As some servers answer; thoughts are none of the text."""
    server.script.append(
        choice([{"type": "thinking", "thinking": []}, {"type": "text", "text": '["a"'}, {"text": "]"}])
    )
    assert await OpenAiChat(endpoint).ask("Hallo") == '["a"]'


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (refusal(401, "Incorrect API key provided."), "status 401: Incorrect API key.*POSTBOTE_PHRASINGS_KEY"),
        (refusal(403, "Not allowed."), "status 403: Not allowed.*POSTBOTE_PHRASINGS_KEY"),
        (refusal(404, "No such model."), f"status 404: No such model.*`{MODEL}`.*POSTBOTE_PHRASINGS_MODEL.*/v1"),
        (refusal(400, "Bad request."), "status 400: Bad request"),
        (refusal(429, "You exceeded your quota.", "insufficient_quota"), "status 429: You exceeded.*billing"),
        (web.Response(status=302, headers={"Location": "https://else.example/"}), "302.*https://else.example/"),
        (
            web.Response(text="<!doctype html><title>Hi</title>", content_type="text/html"),
            "no JSON but “<!doctype.*/v1",
        ),
        (web.Response(body=b"\xff\xfe\x00"), "no JSON"),
        (web.Response(text=""), "no JSON but nothing"),
        (web.json_response({"error": {"message": "Upstream died."}}), "answered with an error: Upstream died"),
        (web.json_response({"object": "list"}), "without `choices`"),
        (web.json_response([1]), "no JSON but"),
        (web.Response(text=" " * 3_000_000), "does not stop answering"),
    ],
)
async def test_what_stops_the_run_is_asked_once(
    server: ChatEndpoint, endpoint: Endpoint, step: web.Response, message: str
) -> None:
    """Its message names what failed and the setting to look at."""
    server.script.append(step)
    with pytest.raises(ChatError, match=message):
        await OpenAiChat(endpoint).ask("Hallo")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (choice('["halb', "length"), "finish_reason: length.*-n"),
        (choice("", "content_filter"), "content filter stopped"),
        (choice(None, refusal="Das möchte ich nicht."), "The model refused: Das möchte ich nicht"),
        (choice("  \n"), "was empty"),
        (choice(None, "tool_calls", tool_calls=[]), "was empty.*tool_calls"),
        (web.json_response(completion()), "no choices"),
        (web.json_response({"choices": [None]}), "no choices"),
        (web.json_response({"choices": [{"text": "old"}]}), "no choices"),
        (refusal(400, "Filtered.", "content_filter"), "content filter refused the request: Filtered"),
    ],
)
async def test_what_is_wrong_with_one_answer_lets_the_next_entry_try(
    server: ChatEndpoint, endpoint: Endpoint, step: dict[str, object] | web.Response, message: str
) -> None:
    """It is another error than one of the endpoint itself."""
    server.script.append(step)
    with pytest.raises(NoDraftsError, match=message):
        await OpenAiChat(endpoint).ask("Hallo")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "step", [refusal(429, "Slow down."), refusal(500, "Oops."), refusal(503, "Busy."), Fault.RESET]
)
async def test_what_passes_is_tried_again(server: ChatEndpoint, endpoint: Endpoint, step: web.Response | Fault) -> None:
    """Twice in trouble, and the third attempt is the answer."""
    server.script += [_copy(step), _copy(step), "[]"]
    assert await OpenAiChat(endpoint).ask("Hallo") == "[]"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (refusal(429, "Slow down."), "status 429: Slow down. Too many requests: try again later"),
        (web.Response(status=500, text="<h1>500</h1>"), "status 500: “<h1>500</h1>”. The endpoint is in trouble"),
        (Fault.RESET, "broke off the connection"),
    ],
)
async def test_trouble_that_stays_is_told(
    server: ChatEndpoint, endpoint: Endpoint, step: web.Response | Fault, message: str
) -> None:
    """After the last attempt."""
    server.script += [_copy(step) for _ in range(ATTEMPTS)]
    with pytest.raises(ChatError, match=message):
        await OpenAiChat(endpoint).ask("Hallo")
    assert len(server.asked) == ATTEMPTS


async def test_no_answer_in_time_is_told_and_not_asked_again(server: ChatEndpoint, endpoint: Endpoint) -> None:
    """A model that is too slow is as slow the next time, and would work twice."""
    server.script.append(Fault.SILENCE)
    with pytest.raises(ChatError, match=r"no answer within 0\.2 seconds.*POSTBOTE_PHRASINGS_TIMEOUT"):
        await OpenAiChat(replace(endpoint, timeout=0.2)).ask("Hallo")
    assert len(server.asked) == 1


async def test_nobody_listens(server: ChatEndpoint, endpoint: Endpoint) -> None:
    """The address is named."""
    await server.stop()
    with pytest.raises(ChatError, match=r"http://127\.0\.0\.1:\d+/v1 cannot be reached.*POSTBOTE_PHRASINGS_URL"):
        await OpenAiChat(endpoint).ask("Hallo")


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a b/v1", "https://:99999/v1"])
async def test_an_address_that_is_none(url: str) -> None:
    """Told, with the setting to put right."""
    with pytest.raises(ChatError, match="POSTBOTE_PHRASINGS_URL"):
        await OpenAiChat(Endpoint(url, MODEL, KEY, timeout=5)).ask("Hallo")


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [("7", 7.0), ("", True), ("soon", True), ("600", False), (None, True)],
)
def test_retry_after_is_kept(retry_after: str | None, pause: float | bool) -> None:
    """What the endpoint asks for, unless nobody would wait so long; else the usual backoff."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    assert pause_before_retry(refusal_of(Response("u", "m", 429, headers, b"{}"), now())) == pause


def test_retry_after_may_be_a_date() -> None:
    """RFC 9110 allows both."""
    at = now().replace(microsecond=0)
    later = (at + timedelta(seconds=30)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    error = refusal_of(Response("u", "m", 503, {"Retry-After": later}, b""), at)
    assert pause_before_retry(error) == 30
    assert "try in 30 seconds" in str(error)


def test_without_settings_nothing_is_asked() -> None:
    """Both settings are named, and that nothing was sent."""
    with pytest.raises(SettingsError, match=r"POSTBOTE_PHRASINGS_URL and POSTBOTE_PHRASINGS_MODEL .* Nothing was sent"):
        create_chat(load_settings())
    with pytest.raises(SettingsError, match=r"^POSTBOTE_PHRASINGS_MODEL must"):
        create_chat(load_settings(phrasings_url="http://127.0.0.1:1/v1"))
    with pytest.raises(SettingsError, match=r"'api\.example/v1'.*must begin with https"):
        create_chat(load_settings(phrasings_url="api.example/v1", phrasings_model="m"))


@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/"])
async def test_the_address_may_be_written_in_several_ways(server: ChatEndpoint, end: str) -> None:
    """The base address is what counts."""
    server.script.append("[]")
    settings = load_settings(phrasings_url=server.url + end, phrasings_model=MODEL, phrasings_key=KEY)
    assert await create_chat(settings).ask("Hallo") == "[]"


def _copy(step: web.Response | Fault) -> web.Response | Fault:
    """A response can be sent only once."""
    if not isinstance(step, web.Response):
        return step
    return web.Response(status=step.status, body=step.body, headers=step.headers)
