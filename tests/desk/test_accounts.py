"""Accounts, by an admin; and the audit log."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.staff.model import Role
from bot.wiring import Services
from tests.desk.conftest import Browser

PASSWORD = "drei müde Füchse am Zaun"
DORN = {"login": "Dorn@Lindenpost.example", "name": " Herr  Dorn ", "groups": ["Technik", "Technik"], "seats": 2}


async def audited(admin: Browser) -> list[tuple[str, str | None]]:
    """Action and subject, newest first."""
    body = await (await admin.get("/desk/api/audit")).json()
    return [(entry["action"], entry["subject"]) for entry in body["entries"]]


async def test_an_admin_adds_a_colleague_who_signs_in(
    admin: Browser, new_browser: Callable[[], Awaitable[Browser]]
) -> None:
    """And is asked for nothing else."""
    response = await admin.post("/desk/api/agents", DORN | {"password": PASSWORD})
    added = await response.json()
    entered = await (await new_browser()).post(
        "/desk/api/session", {"login": "dorn@lindenpost.example", "password": PASSWORD}
    )

    assert response.status == 201
    assert added == {
        "id": added["id"],
        "login": "dorn@lindenpost.example",
        "name": "Herr Dorn",
        "role": "agent",
        "groups": ["Technik"],
        "seats": 2,
        "language": "de",
        "active": True,
        "presence": "offline",
        "holding": 0,
    }
    assert entered.status == 200
    assert (await (await admin.get("/desk/api/me")).json())["groups"] == ["Technik"]
    assert await audited(admin) == [("sign_in", "password"), ("add_agent", "dorn@lindenpost.example")]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"login": "admin"}, 422),
        ({"name": "  "}, 422),
        ({"name": "x" * 81}, 422),
        ({"name": "Frau\u202eEck"}, 422),
        ({"role": "root"}, 422),
        ({"groups": ["x" * 65]}, 422),
        ({"groups": [str(number) for number in range(21)]}, 422),
        ({"groups": "Technik"}, 422),
        ({"seats": 0}, 422),
        ({"seats": 51}, 422),
        ({"seats": "4"}, 422),
        ({"password": "kurz"}, 422),
        ({"subject": "me"}, 422),
        ({"login": "amsel@lindenpost.example"}, 409),
    ],
)
async def test_what_an_account_needs(admin: Browser, changes: dict[str, Any], status: int) -> None:
    """And nothing is made of one that does not fit; neither is one changed to it."""
    response = await admin.post("/desk/api/agents", DORN | changes)
    assert (response.status, (await response.json()).keys()) == (status, {"error", "message"})
    added = await (await admin.post("/desk/api/agents", DORN)).json()
    assert (await admin.put(f"/desk/api/agents/{added['id']}", changes)).status == status
    (_, dorn) = (await (await admin.get("/desk/api/agents")).json())["agents"]
    assert dorn == added


async def test_what_is_not_named_stays(admin: Browser, agent: Browser) -> None:
    """Only the fields of the body change."""
    before = await (await agent.get("/desk/api/me")).json()
    changed = await (await admin.put(f"/desk/api/agents/{agent.agent.id}", {"groups": ["Vertrag"]})).json()
    assert changed == before["agent"] | {"groups": ["Vertrag"]}
    assert await audited(admin) == [("change_agent", "berger@lindenpost.example: groups")]


@pytest.mark.parametrize("change", [{"active": False}, {"password": PASSWORD}])
async def test_who_is_deactivated_or_gets_a_password_is_signed_out(
    admin: Browser, agent: Browser, change: dict[str, Any]
) -> None:
    """At once; a new role holds at once as well, without signing out."""
    await admin.put(f"/desk/api/agents/{agent.agent.id}", {"role": "admin"})
    assert (await agent.get("/desk/api/agents")).status == 200
    await admin.put(f"/desk/api/agents/{agent.agent.id}", change)
    assert (await agent.get("/desk/api/me")).status == 401


async def test_a_new_password_unlocks(
    admin: Browser, agent: Browser, new_browser: Callable[[], Awaitable[Browser]]
) -> None:
    """Who has forgotten theirs has tried some."""
    browser, login = await new_browser(), "berger@lindenpost.example"
    for _ in range(6):
        locked = await browser.post("/desk/api/session", {"login": login, "password": "falsch"})
    await admin.put(f"/desk/api/agents/{agent.agent.id}", {"password": PASSWORD})
    entered = await browser.post("/desk/api/session", {"login": login, "password": PASSWORD})
    assert (locked.status, entered.status) == (429, 200)


@pytest.mark.parametrize("change", [{"active": False}, {"role": "agent"}])
async def test_the_last_admin_stays(admin: Browser, sign_in: Callable[..., Awaitable[Browser]], change: dict) -> None:
    """Or nobody could make another."""
    response = await admin.put(f"/desk/api/agents/{admin.agent.id}", change)
    assert (response.status, (await response.json())["error"]) == (409, "last_admin")
    assert (await admin.get("/desk/api/agents")).status == 200
    await sign_in("Frau Falk", Role.ADMIN)
    assert (await admin.put(f"/desk/api/agents/{admin.agent.id}", change)).status == 200


@pytest.mark.parametrize("number", ["99", "0", "x", "99999999999999999999", "1%20"])
async def test_an_account_that_is_not_there(admin: Browser, number: str) -> None:
    """Says so."""
    assert (await admin.put(f"/desk/api/agents/{number}", {"name": "Frau Eck"})).status == 404


async def test_the_audit_log_has_pages(admin: Browser, services: Services) -> None:
    """Fifty at a time, newest first, with who it was and from where."""
    for number in range(51):
        await services.staff.audit.record(admin.agent, "read", subject=str(number), source="192.0.2.1")
    first = await (await admin.get("/desk/api/audit")).json()
    second = await (await admin.get("/desk/api/audit?page=2")).json()

    assert [entry["subject"] for entry in first["entries"]] == [str(number) for number in range(50, 0, -1)]
    assert (first["more"], second["more"]) == (True, False)
    (oldest,) = second["entries"]
    assert oldest == {
        "at": oldest["at"],
        "agent": {"id": admin.agent.id, "name": "Herr Amsel"},
        "action": "read",
        "conversation": None,
        "subject": "0",
        "source": "192.0.2.1",
    }


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
async def test_a_page_that_is_no_number(admin: Browser, page: str) -> None:
    """Is refused."""
    assert (await admin.get(f"/desk/api/audit?page={page}")).status == 422


async def test_wrong_passwords_are_in_the_audit_log(admin: Browser, browser: Browser, agent: Browser) -> None:
    """With the login if an account has it; else it may be a password in the wrong field."""
    for login in ("berger@lindenpost.example", "drei müde Füchse"):
        await browser.post("/desk/api/session", {"login": login, "password": "falsch"})
    body = await (await admin.get("/desk/api/audit")).json()
    assert [(entry["action"], entry["subject"], entry["agent"], entry["source"]) for entry in body["entries"]] == [
        ("sign_in_refused", None, None, "127.0.0.1"),
        ("sign_in_refused", "berger@lindenpost.example", None, "127.0.0.1"),
    ]
