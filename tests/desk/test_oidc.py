"""Sign in by OpenID Connect, at a provider that does it right, and at one that does not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from yarl import URL

from bot.desk.guard import COOKIE
from bot.errors import SettingsError
from bot.oidc.choose import choose_identity_provider
from bot.settings import Settings, load_settings
from bot.staff.model import Agent, NewAgent, Role
from bot.wiring import Services
from tests.desk.conftest import Browser, Clock
from tests.desk.identity_provider import CLIENT, SECRET, Provider, Token, key

LOGIN = "berger@lindenpost.example"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """Signs Frau Berger in."""
    provider = Provider()
    async with provider.server:
        yield provider


@pytest.fixture
def oidc() -> dict[str, Any]:
    """Further settings of a test."""
    return {}


@pytest.fixture
def settings(tmp_path: Path, provider: Provider, oidc: dict[str, Any]) -> Settings:
    """For this provider."""
    return load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db",
        desk_oidc_issuer=provider.issuer,
        desk_oidc_client_id=CLIENT,
        desk_oidc_client_secret=SECRET,
        desk_oidc_name="Lindenpost",
        **oidc,
    )


@pytest.fixture
async def berger(browser: Browser, services: Services) -> Agent:
    """Has an account without a password; `browser` has started the application."""
    return await services.staff.agents.add(NewAgent(LOGIN, "Frau Berger"))


async def depart(browser: Browser) -> str:
    """Click on the button; returns the provider's address."""
    response = await browser.get("/desk/oidc/start")
    assert response.status == 302
    return response.headers["Location"]


async def visit(address: str) -> str:
    """Be signed in by the provider; returns where it sends the browser: to us, if all is well."""
    async with ClientSession() as outside, outside.get(URL(address, encoded=True), allow_redirects=False) as response:
        assert response.status == 302
        return URL(response.headers["Location"]).raw_path_qs


async def arrive(browser: Browser, path: str) -> str:
    """Come back; returns where one is sent then. A session there is exactly if that is the desk."""
    response = await browser.get(URL(path, encoded=True))
    assert response.status == 302
    location = response.headers["Location"]
    assert (COOKIE in response.cookies) is (location == "/desk")
    assert (await browser.get("/desk/api/me")).status == (200 if location == "/desk" else 401)
    return location


async def sign_in(browser: Browser) -> str:
    """All of it."""
    return await arrive(browser, await visit(await depart(browser)))


async def test_an_account_is_found_by_its_address(browser: Browser, berger: Agent, services: Services) -> None:
    """And from then on by who it is to the provider, whatever its address."""
    assert await sign_in(browser) == "/desk"
    me = await (await browser.get("/desk/api/me")).json()
    assert (me["agent"]["id"], me["agent"]["presence"]) == (berger.id, "online")
    (entry, *_), _ = await services.staff.audit.page(1)
    assert (entry.action, entry.subject, entry.agent) == ("sign_in", "OpenID Connect", (berger.id, "Frau Berger"))


async def test_the_provider_knows_people_by_subject(browser: Browser, berger: Agent, provider: Provider) -> None:
    """Somebody who marries keeps the account; who gets the address later does not get it."""
    await sign_in(browser)
    provider.claims |= {"email": "neu@lindenpost.example"}
    assert await sign_in(browser) == "/desk"
    provider.claims |= {"sub": "4712", "email": LOGIN}
    browser.client.session.cookie_jar.clear()
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_unknown"


async def test_after_a_change_of_the_provider_accounts_are_linked_anew(
    browser: Browser, berger: Agent, services: Services, provider: Provider
) -> None:
    """The one of before is believed no longer; neither is whoever had the account there."""
    await services.staff.agents.change(berger.id, subject="https://old.example 1")
    assert await sign_in(browser) == "/desk"
    assert (await services.staff.agents.get(berger.id)).subject == f"{provider.issuer} 4711"


async def test_keys_may_change_at_any_time(browser: Browser, berger: Agent, provider: Provider) -> None:
    """They are asked for at each sign-in."""
    await sign_in(browser)
    provider.key = key("second")
    assert await sign_in(browser) == "/desk"


async def test_the_sign_in_page_names_the_provider(browser: Browser) -> None:
    """Beside the password."""
    assert await (await browser.get("/desk/api/sign-in")).json() == {
        "password": True,
        "oidc": "Lindenpost",
        "language": "de",
    }


def without(name: str) -> Callable[[Token], None]:
    """A token that lacks a claim."""
    return lambda token: token.pop(name) and None


def having(**claims: Any) -> Callable[[Token], None]:
    """A token with other claims."""
    return lambda token: token.update(claims)


@pytest.mark.parametrize(
    "twist",
    [
        pytest.param(having(nonce="x" * 43), id="another nonce"),
        pytest.param(without("nonce"), id="no nonce"),
        pytest.param(having(aud="another client"), id="another audience"),
        pytest.param(having(aud=["another client"], azp=CLIENT), id="another audience, authorised for us"),
        pytest.param(having(aud=[CLIENT, "another client"]), id="several audiences, none authorised"),
        pytest.param(having(azp="another client"), id="authorised for another"),
        pytest.param(without("aud"), id="no audience"),
        pytest.param(having(exp=1), id="expired"),
        pytest.param(having(exp="tomorrow"), id="expires at no time"),
        pytest.param(without("exp"), id="never expires"),
        pytest.param(having(iat=2**40), id="of the future"),
        pytest.param(without("iat"), id="of no time"),
        pytest.param(having(iss="https://evil.example"), id="another issuer"),
        pytest.param(without("iss"), id="no issuer"),
        pytest.param(having(sub=""), id="nobody"),
        pytest.param(without("sub"), id="no subject"),
        pytest.param(having(at_hash="x" * 22), id="of another access token"),
    ],
)
async def test_a_token_that_is_not_right(
    browser: Browser, berger: Agent, provider: Provider, twist: Callable[[Token], None]
) -> None:
    """Opens nothing, although it is signed well."""
    provider.twist = twist
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_failed"


@pytest.mark.parametrize(
    "how",
    [
        "sign_with_another_key",
        "sign_with_the_secret",
        "sign_with_the_public_key",
        "sign_not_at_all",
        "sign_and_change",
    ],
)
async def test_a_token_that_is_not_signed_well(browser: Browser, berger: Agent, provider: Provider, how: str) -> None:
    """Whatever algorithms the provider says that it uses."""
    provider.sign = getattr(provider, how)
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_failed"


@pytest.mark.parametrize("token", ["", "a.b.c", "nonsense", 5, None])
async def test_what_is_no_token(browser: Browser, berger: Agent, provider: Provider, token: Any) -> None:
    """Is refused, not a crash."""
    provider.sign = lambda _: token
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_failed"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"authorization_endpoint": 5},
    ],
)
async def test_a_provider_that_is_not_set_up_well(browser: Browser, provider: Provider, metadata: Any) -> None:
    """Sends nobody anywhere, or nobody in."""
    provider.metadata = metadata
    response = await browser.get("/desk/oidc/start")
    location = response.headers["Location"]
    if "jwks_uri" in metadata:
        location = await arrive(browser, await visit(location))
    assert location == "/desk/sign-in?error=oidc_failed"


async def test_a_provider_that_is_down(browser: Browser, provider: Provider) -> None:
    """Is said so, and not waited for."""
    await provider.server.close()
    response = await browser.get("/desk/oidc/start")
    assert (response.status, response.headers["Location"]) == (302, "/desk/sign-in?error=oidc_failed")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": "x" * 43}, "oidc_failed"),
        ({"state": ""}, "oidc_failed"),
        ({"state": "ä"}, "oidc_failed"),
        ({"code": "invented"}, "oidc_failed"),
        ({"code": ""}, "oidc_failed"),
        ({"iss": "https://evil.example"}, "oidc_failed"),
        ({"error": "access_denied"}, "oidc_denied"),
        ({"error": "server_error"}, "oidc_failed"),
    ],
)
async def test_an_answer_that_is_not_right(
    browser: Browser, berger: Agent, provider: Provider, change: dict[str, str], error: str
) -> None:
    """Opens nothing."""
    provider.answer = lambda answer: answer.update(change)
    assert await sign_in(browser) == f"/desk/sign-in?error={error}"


async def test_an_answer_is_good_once_and_in_its_browser_only(
    browser: Browser, berger: Agent, new_browser: Callable[[], Awaitable[Browser]]
) -> None:
    """So nobody can sign somebody else in as themselves, nor use what they overheard."""
    path, victim = await visit(await depart(browser)), await new_browser()
    assert await arrive(victim, path) == "/desk/sign-in?error=oidc_failed"
    await depart(victim)
    assert await arrive(victim, path) == "/desk/sign-in?error=oidc_failed"
    assert await arrive(browser, path) == "/desk"
    browser.client.session.cookie_jar.clear()
    assert await arrive(browser, path) == "/desk/sign-in?error=oidc_failed"


async def test_a_code_of_another_sign_in_is_of_no_use(
    browser: Browser, berger: Agent, new_browser: Callable[[], Awaitable[Browser]]
) -> None:
    """Its verifier is another (PKCE), even when the state is right."""
    stolen = URL(await visit(await depart(browser)))
    thief = await new_browser()
    own = URL(await visit(await depart(thief)))
    mixed = own.update_query(code=stolen.query["code"])
    assert await arrive(thief, str(mixed)) == "/desk/sign-in?error=oidc_failed"


async def test_who_takes_long_begins_anew(browser: Browser, berger: Agent, clock: Clock) -> None:
    """Ten minutes are enough to sign in somewhere."""
    path = await visit(await depart(browser))
    clock.pass_by(minutes=11)
    assert await arrive(browser, path) == "/desk/sign-in?error=oidc_failed"


async def test_a_session_that_was_there_ends(browser: Browser, berger: Agent, services: Services) -> None:
    """The cookie is always a new one."""
    await sign_in(browser)
    old = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/desk"))[COOKIE].value
    await sign_in(browser)
    assert await services.staff.sessions.find(old) is None


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "niemand@lindenpost.example"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": None},
        {"email": ["berger@lindenpost.example"]},
    ],
)
async def test_who_is_not_invited(browser: Browser, berger: Agent, provider: Provider, claims: dict[str, Any]) -> None:
    """An address that is not verified may be anybody's; an account is not made by itself."""
    provider.claims |= claims
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_unknown"


async def test_a_deactivated_account_stays_out(browser: Browser, berger: Agent, services: Services) -> None:
    """Before and after the provider's word is linked to it."""
    for _ in range(2):
        await services.staff.agents.change(berger.id, active=False)
        assert await sign_in(browser) == "/desk/sign-in?error=oidc_unknown"
        await services.staff.agents.change(berger.id, active=True)
        assert await sign_in(browser) == "/desk"
        await services.staff.sessions.end_all(berger.id)


@pytest.mark.parametrize("oidc", [{"desk_oidc_trust_email": True}])
async def test_a_provider_that_verifies_all_addresses_without_saying_so(
    browser: Browser, berger: Agent, provider: Provider
) -> None:
    """By setting."""
    del provider.claims["email_verified"]
    assert await sign_in(browser) == "/desk"


async def test_the_address_may_be_in_the_userinfo(browser: Browser, berger: Agent, provider: Provider) -> None:
    """The provider chooses; but it must be about the same person."""
    provider.userinfo = {"email": provider.claims.pop("email"), "email_verified": provider.claims.pop("email_verified")}
    assert await sign_in(browser) == "/desk"
    browser.client.session.cookie_jar.clear()
    provider.userinfo["sub"] = "4712"
    assert await sign_in(browser) == "/desk/sign-in?error=oidc_failed"


@pytest.mark.parametrize("oidc", [{"desk_oidc_agents": "support", "desk_oidc_admins": "leads"}])
@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["support"], Role.AGENT),
        (["support", "leads"], Role.ADMIN),
        ("leads", Role.ADMIN),
        (["sales"], None),
        (5, None),
    ],
)
async def test_members_of_a_group_get_an_account(
    browser: Browser, provider: Provider, services: Services, groups: Any, role: Role | None
) -> None:
    """At their first sign-in, if the settings say which group."""
    provider.claims["groups"] = groups
    assert await sign_in(browser) == ("/desk" if role else "/desk/sign-in?error=oidc_unknown")
    agent = await services.staff.agents.find(LOGIN)
    assert (agent.role if agent else None) == role
    assert (agent.name if agent else "Frau Berger") == "Frau Berger"


@pytest.mark.parametrize("oidc", [{"desk_oidc_agents": "support", "desk_oidc_groups_claim": "realm_access.roles"}])
async def test_groups_may_be_deeper_in_the_claims(browser: Browser, provider: Provider) -> None:
    """As Keycloak has roles."""
    provider.claims["realm_access"] = {"roles": ["support"]}
    assert await sign_in(browser) == "/desk"


async def test_a_provider_that_wants_the_secret_in_the_form(
    browser: Browser, berger: Agent, provider: Provider
) -> None:
    """Says so."""
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert await sign_in(browser) == "/desk"


@pytest.mark.parametrize("oidc", [{"desk_passwords": False}])
async def test_passwords_can_be_switched_off(browser: Browser, services: Services) -> None:
    """Where everybody signs in at the provider."""
    await services.staff.accounts.add(NewAgent(LOGIN, "Frau Berger"), "drei müde Füchse")
    response = await browser.post("/desk/api/session", {"login": LOGIN, "password": "drei müde Füchse"})
    assert (response.status, (await response.json())["error"]) == (403, "no_passwords")
    assert (await (await browser.get("/desk/api/sign-in")).json())["password"] is False


async def test_one_address_cannot_make_us_ask_for_ever(browser: Browser) -> None:
    """Each start asks the provider."""
    answers = [(await browser.get("/desk/oidc/start")).status for _ in range(31)]
    assert answers == [302] * 30 + [429]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"desk_oidc_issuer": "http://id.example.de", "desk_oidc_client_id": "x"}, "must begin with https://"),
        ({"desk_oidc_issuer": "id.example.de", "desk_oidc_client_id": "x"}, "must begin with https://"),
        ({"desk_oidc_issuer": "https://id.example.de"}, "POSTBOTE_DESK_OIDC_CLIENT_ID is missing"),
        ({"desk_passwords": False}, "POSTBOTE_DESK_OIDC_ISSUER must be set"),
    ],
)
def test_settings_that_do_not_fit(clock: Clock, values: dict[str, Any], rule: str) -> None:
    """Stop the start."""
    with pytest.raises(SettingsError, match=rule):
        choose_identity_provider(load_settings(**values), clock)
