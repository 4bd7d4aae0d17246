"""What agents see as it happens, and what customers see of them; both over their sockets."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from tests.desk.conftest import Browser, SignIn

Frame = dict[str, Any]


class Live:
    """A socket whose frames are read one kind at a time."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self._passed: list[Frame] = []

    async def send(self, **frame: Any) -> None:
        """One frame."""
        await self.socket.send_json(frame)

    async def next(self, kind: str, **wanted: Any) -> Frame:
        """The next frame of this type in which these fields have these values; others are kept."""
        for frame in self._passed:
            if _fits(frame, kind, wanted):
                self._passed.remove(frame)
                return frame
        while not _fits(frame := await self.socket.receive_json(timeout=10), kind, wanted):
            self._passed.append(frame)
        return frame


def _fits(frame: Frame, kind: str, wanted: Frame) -> bool:
    return frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items())


@pytest.fixture
async def anna(browser: Browser) -> AsyncIterator[Live]:
    """A customer on the website, who has asked for a person."""
    begun = await browser.client.post("/channels/web/conversations")
    secret = (await begun.json())["secret"]
    async with browser.client.ws_connect("/channels/web/socket") as socket:
        live = Live(socket)
        await live.send(type="hello", secret=secret)
        welcome = await live.next("welcome")
        assert welcome["status"]["holder"] == "bot"
        await live.send(type="say", id="1", text="mensch")
        status = (await live.next("status"))["status"]
        assert (status["holder"], status["position"]) == ("queued", 1)
        yield live


async def lists_until(desk: Live, name: str, count: int) -> list[Frame]:
    """The list, as soon as it has so many rows."""
    while len(rows := (await desk.next("lists"))[name]) != count:
        pass
    return rows


async def test_from_the_queue_to_the_end(agent: Browser, anna: Live) -> None:
    """The queue fills and empties by itself; words and typing go both ways, and how far an answer came."""
    desk = Live(await agent.socket())
    (case,) = await lists_until(desk, "queue", 1)
    path = f"/desk/api/conversations/{case['conversation']}"
    await agent.post(f"{path}/claim")
    await desk.send(type="watch", conversation=case["conversation"])
    await lists_until(desk, "mine", 1)
    while (status := (await anna.next("status"))["status"])["holder"] != "agent":
        pass
    assert status["agent"] == "Frau Berger"

    await anna.send(type="typing", on=True)
    await desk.next("typing", on=True)
    await anna.send(type="say", id="2", text="hallo")
    await desk.next("typing", on=False)
    said = (await desk.next("message"))["message"]
    assert (said["from"], said["text"]) in {("customer", "hallo"), ("notice", "Frau Berger ist da.")}

    await desk.send(type="typing", on=True)
    await anna.next("typing", on=True)
    answer = await (await agent.post(f"{path}/messages", {"id": "1", "text": "Guten Tag"})).json()
    while (heard := (await anna.next("message"))["message"])["from"] != "agent":
        pass
    assert (heard["text"], heard["agent"]) == ("Guten Tag", "Frau Berger")
    for read, state in ((False, "delivered"), (True, "read")):
        await anna.send(type="seen", seq=heard["seq"], read=read)
        while (shown := (await desk.next("message"))["message"])["delivery"] != state:
            pass
        assert shown["seq"] == answer["seq"]

    await agent.post(f"{path}/close", {"reason": "Gelöst"})
    await lists_until(desk, "mine", 0)
    await desk.socket.close()


async def test_a_note_is_seen_by_who_looks_at_the_conversation(agent: Browser, sign_in: SignIn, anna: Live) -> None:
    """And never by the customer."""
    cordes = await sign_in("Herr Cordes")
    desk = Live(await cordes.socket())
    (case,) = await lists_until(desk, "queue", 1)
    await desk.send(type="watch", conversation=case["conversation"])
    await desk.send(type="alive")
    await desk.next("lists")
    await agent.post(f"/desk/api/conversations/{case['conversation']}/notes", {"text": "nur für uns"})
    assert (await desk.next("note"))["note"]["text"] == "nur für uns"
    await anna.send(type="ping")
    await anna.next("pong")
    assert "nur für uns" not in str(anna._passed)
    await desk.socket.close()


async def test_only_the_holder_types(agent: Browser, sign_in: SignIn, anna: Live) -> None:
    """Whoever only looks on is not seen typing by the customer."""
    cordes = await sign_in("Herr Cordes")
    holder, onlooker = Live(await agent.socket()), Live(await cordes.socket())
    (case,) = await lists_until(holder, "queue", 1)
    await agent.post(f"/desk/api/conversations/{case['conversation']}/claim")
    await lists_until(holder, "mine", 1)
    for desk in (onlooker, holder):
        await desk.send(type="watch", conversation=case["conversation"])
        await desk.send(type="typing", on=desk is holder)
    await anna.next("typing", on=True)
    assert not any(frame["type"] == "typing" and frame["on"] for frame in anna._passed)
    await holder.socket.close()
    await onlooker.socket.close()


async def test_a_wrong_frame_is_explained(agent: Browser) -> None:
    """And the socket stays open."""
    desk = Live(await agent.socket())
    for frame in ({"type": "dance"}, {"type": "typing"}, {"type": "watch", "conversation": 7}):
        await desk.send(**frame)
        assert (await desk.next("error"))["code"] == "bad_frame"
    await desk.send(type="alive")
    await desk.next("lists")
    await desk.socket.close()
