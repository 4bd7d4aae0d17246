"""Canned replies."""

from typing import Any

import pytest

from tests.desk.conftest import Browser

GREETING = {"title": "Begrüßung", "text": "Guten Tag {kunde}, hier ist {agent}. Es geht um {postfach} ({auftrag})."}


async def titles(browser: Browser) -> list[str]:
    """What there is."""
    return [reply["title"] for reply in (await (await browser.get("/desk/api/canned")).json())["canned"]]


async def test_all_agents_share_them(agent: Browser, admin: Browser) -> None:
    """One writes it, another changes it, it says who did last."""
    response = await agent.post("/desk/api/canned", GREETING)
    added = await response.json()
    change = {"title": "Gruß", "text": "Guten Tag {kunde}"}
    changed = await (await admin.put(f"/desk/api/canned/{added['id']}", change)).json()
    listed = await (await agent.get("/desk/api/canned")).json()

    assert response.status == 201
    assert added["agent"]["name"] == "Frau Berger"
    assert changed["agent"]["name"] == "Herr Amsel"
    assert listed == {"canned": [changed], "placeholders": ["kunde", "agent", "postfach", "auftrag"]}
    assert (await agent.delete(f"/desk/api/canned/{added['id']}")).status == 204
    assert await titles(agent) == []
    assert (await agent.delete(f"/desk/api/canned/{added['id']}")).status == 404
    log = (await (await admin.get("/desk/api/audit")).json())["entries"]
    assert [entry["action"] for entry in log] == ["remove_canned", "change_canned", "add_canned"]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"text": "Guten Tag {kudne}"}, 422, "unknown_placeholder"),
        ({"text": "Guten Tag { kunde }"}, 422, "unknown_placeholder"),
        ({"text": "Guten Tag {}"}, 422, "unknown_placeholder"),
        ({"text": " "}, 422, "invalid"),
        ({"title": ""}, 422, "invalid"),
        ({"title": "x" * 121}, 422, "invalid"),
        ({"text": "x" * 4001}, 422, "invalid"),
        ({"agent": 1}, 422, "invalid"),
        ({"title": "Begrüßung"}, 409, "title_taken"),
    ],
)
async def test_what_a_canned_reply_needs(agent: Browser, change: dict[str, Any], status: int, error: str) -> None:
    """A customer must not read a placeholder that nothing is put in for."""
    await agent.post("/desk/api/canned", GREETING)
    other = await (await agent.post("/desk/api/canned", GREETING | {"title": "Abschied"})).json()
    new = GREETING | {"title": "Neu"} | change
    for response in (
        await agent.post("/desk/api/canned", new),
        await agent.put(f"/desk/api/canned/{other['id']}", new),
    ):
        assert (response.status, (await response.json())["error"]) == (status, error)
    assert await titles(agent) == ["Abschied", "Begrüßung"]


async def test_a_brace_alone_is_text(agent: Browser) -> None:
    """Such as in a configuration that an agent quotes."""
    response = await agent.post("/desk/api/canned", {"title": "Sieve", "text": 'if header :is "x" "y" {\n  stop;'})
    assert response.status == 201
