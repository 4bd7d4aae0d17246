"""What the store keeps of the desk's people, on SQLite and on PostgreSQL: the same, to the letter."""

import asyncio
from datetime import timedelta

import pytest

from bot.staff.errors import (
    LastAdminError,
    LoginTakenError,
    TitleTakenError,
    UnknownAgentError,
    UnknownReplyError,
)
from bot.staff.model import Agent, NewAgent, Presence, Role
from bot.store.audit import SqlAudit
from bot.store.canned import SqlCannedReplies
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.sessions import SqlSessions, SqlTries
from bot.store.staff import SqlAgents
from tests.contract.clock import START, Clock

pytestmark = pytest.mark.slow

BERGER = NewAgent(
    "Berger@B.example", "Frau Berger", groups=("Technik", "Verträge"), seats=3, language="en", password_hash="digest"
)
AMSEL = NewAgent("amsel@b.example", "Herr Amsel", Role.ADMIN, subject="https://id.example amsel")
DIGEST = "d" * 64


@pytest.fixture
def agents(database: Database, clock: Clock) -> SqlAgents:
    return SqlAgents(database, clock)


@pytest.fixture
def sessions(database: Database, clock: Clock) -> SqlSessions:
    return SqlSessions(database, clock)


@pytest.fixture
async def berger(agents: SqlAgents) -> Agent:
    return await agents.add(BERGER)


async def test_an_account_is_found_again(agents: SqlAgents, berger: Agent) -> None:
    """By number, login or subject; its password's digest only where it is asked for."""
    amsel = await agents.add(AMSEL)
    assert berger == Agent(
        id=berger.id,
        login="berger@b.example",
        name="Frau Berger",
        role=Role.AGENT,
        groups=("Technik", "Verträge"),
        seats=3,
        language="en",
        active=True,
        paused=False,
        seen_at=None,
    )
    assert await agents.get(berger.id) == await agents.find("BERGER@b.example") == berger
    assert await agents.find_with_password("berger@b.example") == (berger, "digest")
    assert await agents.find_with_password("amsel@b.example") == (amsel, None)
    assert await agents.find_by_subject("https://id.example amsel") == amsel
    assert await agents.everyone() == [berger, amsel]
    assert await agents.find("niemand@b.example") is None
    assert await agents.find_by_subject("https://id.example berger") is None
    assert await agents.find_with_password("niemand@b.example") is None
    with pytest.raises(UnknownAgentError):
        await agents.get(99)


async def test_a_login_is_one_accounts(agents: SqlAgents, berger: Agent) -> None:
    """However it is written, and however many ask at once."""
    added = await asyncio.gather(*(agents.add(AMSEL) for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in added) == ["Agent", *["LoginTakenError"] * 4]
    with pytest.raises(LoginTakenError):
        await agents.change(berger.id, login="AMSEL@b.example")
    assert await agents.get(berger.id) == berger


async def test_only_what_is_named_changes(agents: SqlAgents, berger: Agent, clock: Clock) -> None:
    """And presence follows from the last sign of life."""
    seen = await agents.change(berger.id, seen_at=clock(), groups=("Verträge",))
    assert (seen.groups, seen.name, seen.presence(START)) == (("Verträge",), "Frau Berger", Presence.ONLINE)
    assert seen.presence(START + timedelta(minutes=2)) is Presence.AWAY
    assert (await agents.change(berger.id, paused=True)).presence(START) is Presence.PAUSED
    assert (await agents.change(berger.id, active=False)).presence(START) is Presence.OFFLINE
    with pytest.raises(UnknownAgentError):
        await agents.change(99, name="Frau Eck")


async def test_one_admin_stays_even_when_all_step_down_at_once(agents: SqlAgents, berger: Agent) -> None:
    """Whether by role or by leaving; where there is none, agents may change nevertheless."""
    await agents.change(berger.id, active=False)
    admins = [await agents.add(NewAgent(f"{number}@b.example", "Admin", Role.ADMIN)) for number in range(4)]
    stepping_down = [agents.change(admin.id, role=Role.AGENT) for admin in admins[:2]]
    leaving = [agents.change(admin.id, active=False) for admin in admins[2:]]
    results = await asyncio.gather(*stepping_down, *leaving, return_exceptions=True)
    assert [type(result) for result in results].count(LastAdminError) == 1
    left = [agent for agent in await agents.everyone() if agent.active and agent.role is Role.ADMIN]
    assert len(left) == 1


async def test_a_session_holds_for_its_time(
    sessions: SqlSessions, agents: SqlAgents, berger: Agent, clock: Clock
) -> None:
    """While it is used, its account is active, and nobody ends it."""
    end = START + timedelta(hours=12)
    await sessions.begin(berger.id, DIGEST, "csrf", end)
    session = await sessions.find(DIGEST, START - timedelta(hours=1))
    assert session
    assert (session.agent, session.csrf, session.seen_at, session.until) == (berger, "csrf", START, end)
    clock.pass_by(3600)
    assert await sessions.find(DIGEST, clock() - timedelta(hours=1)) is None
    await sessions.touch(DIGEST)
    assert await sessions.find(DIGEST, clock() - timedelta(hours=1))
    await agents.change(berger.id, active=False)
    assert await sessions.find(DIGEST, START - timedelta(hours=1)) is None
    await agents.change(berger.id, active=True)
    clock.pass_by(11 * 3600)
    assert await sessions.find(DIGEST, START - timedelta(hours=1)) is None


async def test_sessions_end_one_or_all(sessions: SqlSessions, agents: SqlAgents, berger: Agent) -> None:
    """Those of others stay."""
    amsel, end, since = await agents.add(AMSEL), START + timedelta(hours=12), START - timedelta(hours=1)
    for owner, digest in ((berger, "a"), (berger, "b"), (berger, "c"), (amsel, "d")):
        await sessions.begin(owner.id, digest, "csrf", end)
    await sessions.end("a")
    assert [digest for digest in "abcd" if await sessions.find(digest, since)] == ["b", "c", "d"]
    await sessions.end_all(berger.id)
    assert [digest for digest in "abcd" if await sessions.find(digest, since)] == ["d"]


async def test_tries_are_counted_each(database: Database, clock: Clock) -> None:
    """Five may be looked at, even when many come at once; then none for a quarter of an hour."""
    tries = SqlTries(database, clock)
    until = START + timedelta(minutes=15)
    answers = await asyncio.gather(*(tries.begin("Berger@b.example") for _ in range(12)))
    assert sorted(answers, key=str) == [until] * 7 + [None] * 5
    assert await tries.begin("amsel@b.example") is None
    clock.pass_by(15 * 60)
    assert [await tries.begin("berger@b.example") for _ in range(6)] == [None] * 5 + [until + timedelta(minutes=15)]
    await tries.forgive("BERGER@b.example")
    assert await tries.begin("berger@b.example") is None


async def test_tries_are_forgotten_after_a_day(database: Database, clock: Clock) -> None:
    """They are in a row no more."""
    tries = SqlTries(database, clock)
    for _ in range(4):
        await tries.begin("berger@b.example")
    clock.pass_by(24 * 3600 + 1)
    assert [await tries.begin("berger@b.example") for _ in range(5)] == [None] * 5
    assert await tries.begin("berger@b.example")


async def test_the_audit_log_tells_who_did_what(
    database: Database, conversations: SqlConversations, berger: Agent, clock: Clock
) -> None:
    """Newest first; and what nobody did who was signed in."""
    audit, talk = SqlAudit(database, clock), await conversations.begin("web", "anna")
    await audit.record(None, "sign_in_refused", subject="berger@b.example", source="192.0.2.1")
    clock.pass_by(1)
    await audit.record(berger, "read", conversation=talk, source="192.0.2.1")
    (read, refused), more = await audit.page(1)
    assert (read.agent, read.action, read.conversation) == ((berger.id, "Frau Berger"), "read", talk)
    assert (read.at, read.subject, read.source) == (START + timedelta(seconds=1), None, "192.0.2.1")
    assert (refused.agent, refused.subject, refused.conversation, more) == (None, "berger@b.example", None, False)
    assert await audit.page(2) == ([], False)


async def test_canned_replies(database: Database, berger: Agent, agents: SqlAgents, clock: Clock) -> None:
    """A title is one reply's; who changed it last is known."""
    replies, amsel = SqlCannedReplies(database, clock), await agents.add(AMSEL)
    thanks = await replies.add("Dank", "Danke, {kunde} 🙂", berger.id)
    goodbye = await replies.add("Abschied", "Tschüss", berger.id)
    assert await replies.everything() == [goodbye, thanks]
    with pytest.raises(TitleTakenError):
        await replies.add("Dank", "Danke", berger.id)
    with pytest.raises(TitleTakenError):
        await replies.change(goodbye.id, "Dank", "Danke", berger.id)
    clock.pass_by(60)
    changed = await replies.change(thanks.id, "Dank", "Vielen Dank", amsel.id)
    assert (changed.text, changed.agent) == ("Vielen Dank", (amsel.id, "Herr Amsel"))
    assert changed.updated_at == START + timedelta(minutes=1)
    assert await replies.remove(thanks.id) == changed
    for act in (replies.remove(thanks.id), replies.change(thanks.id, "Dank", "Danke", berger.id)):
        with pytest.raises(UnknownReplyError):
            await act
