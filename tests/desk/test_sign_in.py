"""Sign in, stay signed in, sign out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, hdrs
from aiohttp.test_utils import TestClient, TestServer

from bot.desk.app import add_desk
from bot.desk.guard import COOKIE, CSRF_HEADER
from bot.gateway.app import create_app
from bot.settings import Settings
from bot.staff.model import NewAgent, Role
from bot.wiring import Services, build
from tests.desk.conftest import Browser, Clock
from tests.fakes import FakeDialogue

LOGIN, PASSWORD = "berger@lindenpost.example", "drei müde Füchse am Zaun"
WRONG = "drei müde Füchse am Tor"


@pytest.fixture
async def account(browser: Browser, services: Services) -> int:
    """Frau Berger's; `browser` has started the application."""
    return (await services.staff.accounts.add(NewAgent(LOGIN, "Frau Berger"), PASSWORD)).id


async def sign_in(browser: Browser, password: str = PASSWORD, login: str = LOGIN) -> tuple[int, dict]:
    """As the page does; returns the status and the body."""
    response = await browser.post("/desk/api/session", {"login": login, "password": password})
    body = await response.json()
    browser.csrf = body.get("csrf", browser.csrf)
    return response.status, body


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Browser]:
    """Another process on the same database."""
    app = create_app(build(settings, FakeDialogue(), clock))
    add_desk(app)
    async with TestClient(TestServer(app)) as client:
        yield Browser(client)


async def opens(server: TestServer, cookie: str) -> bool:
    """Whether a session's cookie is of use."""
    async with (
        ClientSession(cookies={COOKIE: cookie}, cookie_jar=CookieJar(unsafe=True)) as client,
        client.get(server.make_url("/desk/api/me")) as response,
    ):
        return response.status == 200


def bytes_in(folder: Path) -> bytes:
    """Of all its files."""
    return b"".join(map(Path.read_bytes, folder.iterdir()))


def cookie_of(browser: Browser) -> str:
    """The session's, as the browser holds it."""
    return browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/desk"))[COOKIE].value


async def test_the_right_password_opens_the_desk(browser: Browser, account: int) -> None:
    """The login in whichever case; the cookie is for the browser alone, and for the desk alone."""
    response = await browser.post("/desk/api/session", {"login": " Berger@Lindenpost.example", "password": PASSWORD})
    me = await response.json()
    cookie = response.headers[hdrs.SET_COOKIE]

    assert response.status == 200
    assert me["agent"]["name"] == "Frau Berger"
    assert me["agent"]["presence"] == "online"
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/desk", "Max-Age=43200"))
    assert (await browser.get("/desk/api/me")).status == 200
    assert browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/")) == {}


@pytest.mark.parametrize("proto", ["http", "https"])
async def test_the_cookie_is_secure_behind_tls(browser: Browser, account: int, proto: str) -> None:
    """As the proxy tells, whoever it is."""
    sent = {"X-Forwarded-Proto": proto}
    response = await browser.post("/desk/api/session", {"login": LOGIN, "password": PASSWORD}, headers=sent)
    assert ("Secure" in response.headers[hdrs.SET_COOKIE]) is (proto == "https")


async def test_the_same_letters_typed_on_another_system_are_the_same_password(browser: Browser, account: int) -> None:
    """`ü` may be one character or two."""
    assert (await sign_in(browser, PASSWORD.replace("ü", "u\u0308")))[0] == 200


@pytest.mark.parametrize("login", ["berger@müller.example", "BERGER@XN--MLLER-KVA.example"])
async def test_a_domain_may_be_typed_in_either_spelling(browser: Browser, services: Services, login: str) -> None:
    """As browsers do it."""
    await services.staff.accounts.add(NewAgent("berger@MÜLLER.example", "Frau Berger"), PASSWORD)
    assert (await sign_in(browser, login=login))[0] == 200


@pytest.mark.parametrize("login", ["", "\0", "berger", "x" * 255, "🙂@b.example"])
async def test_what_can_be_no_login(browser: Browser, login: str) -> None:
    """Is refused as any other."""
    assert (await sign_in(browser, login=login))[1]["error"] == "wrong_password"


async def test_refusals_tell_nothing_about_accounts(browser: Browser, services: Services, account: int) -> None:
    """Wrong password, no such login, no password, not active: the same words."""
    staff = services.staff
    await staff.agents.add(NewAgent("oidc@lindenpost.example", "Herr Dorn"))
    former = await staff.accounts.add(NewAgent("weg@lindenpost.example", "Frau Eck"), PASSWORD)
    await staff.accounts.change(former.id, active=False)
    answers = [
        await sign_in(browser, WRONG),
        await sign_in(browser, login="niemand@lindenpost.example"),
        await sign_in(browser, login="oidc@lindenpost.example"),
        await sign_in(browser, login="weg@lindenpost.example"),
    ]
    assert {status for status, _ in answers} == {401}
    assert len({str(body) for _, body in answers}) == 1
    assert answers[0][1]["error"] == "wrong_password"


@pytest.mark.parametrize("login", [LOGIN, "niemand@lindenpost.example"])
async def test_five_wrong_passwords_lock_the_login(browser: Browser, account: int, clock: Clock, login: str) -> None:
    """For a quarter of an hour, and one that no account has as well, so that nobody learns which there are."""
    answers = [await sign_in(browser, WRONG, login) for _ in range(6)]
    assert [status for status, _ in answers] == [401] * 5 + [429]
    assert answers[5][1]["error"] == "locked"
    assert answers[5][1]["until"] > clock().isoformat()
    assert (await sign_in(browser, PASSWORD, login))[0] == 429
    clock.pass_by(minutes=15)
    assert (await sign_in(browser, PASSWORD, login))[0] == (200 if login == LOGIN else 401)


async def test_a_right_password_begins_the_count_anew(browser: Browser, account: int) -> None:
    """Five in a row, not five in all."""
    for _ in range(2):
        assert [(await sign_in(browser, WRONG))[0] for _ in range(4)] == [401] * 4
        assert (await sign_in(browser))[0] == 200


async def test_many_tries_at_the_same_moment_are_not_more(browser: Browser, account: int) -> None:
    """Each is counted before its password is looked at."""
    answers = await asyncio.gather(*(sign_in(browser, WRONG) for _ in range(12)))
    assert sorted(status for status, _ in answers) == [401] * 5 + [429] * 7


async def test_a_lock_survives_a_restart(browser: Browser, account: int, settings: Settings, clock: Clock) -> None:
    """It is in the database, so another process knows it, too."""
    for _ in range(5):
        await sign_in(browser, WRONG)
    async with running(settings, clock) as other:
        assert (await sign_in(other))[0] == 429


async def test_one_address_cannot_try_many_logins(
    browser: Browser, account: int, settings: Settings, clock: Clock
) -> None:
    """However many it names; a right password in between begins the count anew."""
    async with running(settings.model_copy(update={"desk_wrong_passwords": 5}), clock) as other:
        logins = [LOGIN, *(f"agent{number}@lindenpost.example" for number in range(6))]
        assert (await sign_in(other, WRONG))[0] == 401
        assert (await sign_in(other))[0] == 200
        assert [(await sign_in(other, WRONG, login))[0] for login in logins] == [401] * 5 + [429] * 2
        assert (await sign_in(other))[0] == 429


async def test_a_password_that_was_hashed_cheaply_is_hashed_again(
    browser: Browser, account: int, settings: Settings, clock: Clock, services: Services
) -> None:
    """As soon as somebody signs in with it: nobody else knows it."""
    async with running(settings, clock) as other:
        assert (await sign_in(other))[0] == 200
    _, stored = await services.staff.agents.find_with_password(LOGIN)
    assert "m=65536" in stored
    assert (await sign_in(browser))[0] == 200


async def test_a_new_session_takes_the_place_of_the_old_one(browser: Browser, account: int, server: TestServer) -> None:
    """Signing in always gives another cookie, and one that was there before is of no use any more."""
    await sign_in(browser)
    before, csrf = cookie_of(browser), browser.csrf
    await sign_in(browser)
    assert cookie_of(browser) != before
    assert browser.csrf != csrf
    assert await opens(server, cookie_of(browser))
    assert not await opens(server, before)


async def test_a_cookie_that_somebody_planted_is_not_taken_over(browser: Browser, account: int) -> None:
    """No session fixation."""
    browser.client.session.cookie_jar.update_cookies({COOKIE: "planted"}, browser.client.make_url("/desk/x"))
    await sign_in(browser)
    assert cookie_of(browser) != "planted"


async def test_signing_out_ends_the_session_on_the_server(browser: Browser, account: int, server: TestServer) -> None:
    """Not only in the browser."""
    await sign_in(browser)
    cookie = cookie_of(browser)
    assert await opens(server, cookie)
    assert (await browser.delete("/desk/api/session")).status == 204
    assert (await browser.get("/desk/api/me")).status == 401
    assert not await opens(server, cookie)


async def test_a_session_lives_while_it_is_used(agent: Browser, clock: Clock) -> None:
    """Up to its end after twelve hours."""
    for _ in range(12):
        clock.pass_by(minutes=59)
        assert (await agent.get("/desk/api/me")).status == 200
    clock.pass_by(minutes=59)
    assert (await agent.get("/desk/api/me")).status == 401


async def test_a_new_password_signs_out_everywhere_else(
    browser: Browser, account: int, new_browser: Callable[[], Awaitable[Browser]]
) -> None:
    """Here the agent goes on, with another cookie and another token; the old password is of no use."""
    other, new = await new_browser(), "vier wache Dachse im Bau"
    await sign_in(browser)
    await sign_in(other)
    cookie = cookie_of(browser)
    response = await browser.put("/desk/api/me", {"password": {"old": PASSWORD, "new": new}})
    browser.csrf = (await response.json())["csrf"]

    assert response.status == 200
    assert cookie_of(browser) != cookie
    assert (await browser.put("/desk/api/me", {"paused": True})).status == 200
    assert (await other.get("/desk/api/me")).status == 401
    assert (await sign_in(other))[0] == 401
    assert (await sign_in(other, new))[0] == 200


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (WRONG, "vier wache Dachse im Bau", "wrong_password"),
        (PASSWORD, "kurz", "weak_password"),
        (PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "weak_password"),
        (PASSWORD, "berger und noch mehr", "weak_password"),
        (PASSWORD, "x" * 300, "weak_password"),
    ],
)
async def test_what_a_new_password_needs(browser: Browser, account: int, old: str, new: str, error: str) -> None:
    """The old one, and some length; the session holds, and the password stays."""
    await sign_in(browser)
    response = await browser.put("/desk/api/me", {"password": {"old": old, "new": new}})
    assert (response.status, (await response.json())["error"]) == (422, error)
    assert (await sign_in(browser))[0] == 200


async def test_the_old_password_cannot_be_guessed_in_a_session_either(browser: Browser, account: int) -> None:
    """The same count."""
    await sign_in(browser)
    change = {"password": {"old": WRONG, "new": "vier wache Dachse im Bau"}}
    answers = [(await browser.put("/desk/api/me", change)).status for _ in range(6)]
    assert answers == [422] * 5 + [429]


async def test_an_agent_pauses_and_chooses_a_language(agent: Browser) -> None:
    """What is not named stays."""
    await agent.put("/desk/api/me", {"paused": True})
    me = await (await agent.put("/desk/api/me", {"language": "en"})).json()
    assert (me["agent"]["presence"], me["agent"]["language"]) == ("offline", "en")


@pytest.mark.parametrize("change", [{"role": "admin"}, {"paused": "yes"}, {"language": "fr"}, {"seats": 50}, []])
async def test_nobody_promotes_themselves(agent: Browser, change: object) -> None:
    """Only what is one's own to change."""
    assert (await agent.put("/desk/api/me", change)).status == 422
    assert (await (await agent.get("/desk/api/me")).json())["agent"]["role"] == Role.AGENT


async def test_the_sign_in_page_learns_how(browser: Browser) -> None:
    """Without a session; no word about accounts."""
    assert await (await browser.get("/desk/api/sign-in")).json() == {"password": True, "oidc": None, "language": "de"}


async def test_another_site_cannot_sign_somebody_in(browser: Browser, account: int) -> None:
    """Neither by a page's script nor by a form."""
    body = {"login": LOGIN, "password": PASSWORD}
    response = await browser.post("/desk/api/session", body, headers={"Origin": "https://evil.example"})
    assert response.status == 403
    form = await browser.client.post("/desk/api/session", data=body, headers={CSRF_HEADER: ""})
    assert form.status == 415


async def test_passwords_and_cookies_are_nowhere_in_the_database(
    browser: Browser, account: int, tmp_path: Path
) -> None:
    """Only what they come to."""
    await sign_in(browser)
    stored = bytes_in(tmp_path)
    assert b"$argon2id$" in stored
    assert PASSWORD.encode() not in stored
    assert cookie_of(browser).encode() not in stored
