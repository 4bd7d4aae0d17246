"""An erased address is in no row of any table any more, and nobody else loses anything; on both databases."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.conversations.model import Decision, Incoming, Reason, Reply, Turn
from bot.privacy.person import person_of
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.database import Database
from bot.store.privacy.dossier import SqlDossier
from bot.store.privacy.erasure import ACTION, SqlErasure
from bot.store.proofs import SqlProofs
from bot.store.tables import (
    agents,
    audit,
    channel_notes,
    conversations,
    messages,
    metadata,
    model_files,
    proposals,
    tickets,
)
from bot.store.tickets import SqlTickets
from bot.tickets.model import MessageRequest
from tests.contract.clock import Clock
from tests.contract.rows import fill

ADDRESS = "quirin.zander@lindenpost.example"
TYPED = "Quirin.Zander@Lindenpost.Example"
MARK = "[gelöscht 0a0b0c0d]"
PERSON = person_of(TYPED)
OTHER = "anna@lindenpost.example"


def everything(connection: Connection) -> str:
    """Every value of every row, as text; without accounts of the desk and models, which are no customers'."""
    tables = [table for table in metadata.sorted_tables if table not in {agents, model_files}]
    rows = [tuple(row) for table in tables for row in connection.execute(select(table))]
    return json.dumps(rows, ensure_ascii=False, default=repr)


@pytest.fixture
def erasure(database: Database, clock: Clock) -> SqlErasure:
    """Of the database."""
    return SqlErasure(database, clock)


def found(text: str) -> bool:
    """The local part alone would be too much already."""
    return "quirin" in text.lower() or "zander" in text.lower()


@pytest.mark.parametrize("spelling", [ADDRESS, TYPED, f"<{TYPED}>,", f"…{ADDRESS}.", ADDRESS.replace("@", "%40")])
async def test_in_every_text_of_every_table(
    spelling: str, database: Database, clock: Clock, erasure: SqlErasure
) -> None:
    """Also of conversations that are not the person's, which are not deleted; what a dry run says is what happens."""
    words = f"an {spelling} schreiben"
    await database.write(lambda connection: fill(connection, clock(), words, kind="restore"))
    planned = await erasure.preview(PERSON)
    assert found(await database.read(everything))
    erased = await erasure.erase(PERSON, MARK, "test")
    assert (planned.deleted, planned.masked) == (erased.deleted, erased.masked)
    assert not found(await database.read(everything))
    assert erased.masked["messages"] == 1


async def test_the_persons_own_conversation_goes_whole(
    database: Database, clock: Clock, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """With what does not name them at all; the audit log keeps who did what."""
    await database.write(lambda connection: fill(connection, clock(), "nichts", mailbox=ADDRESS, used=True))
    erased = await erasure.erase(PERSON, MARK, "test")
    assert erased.deleted["conversations"] == erased.deleted["messages"] == erased.deleted["attachments"] == 1
    entries = await database.read(lambda connection: connection.execute(select(audit).order_by(audit.c.id)).all())
    assert [(row.action, row.conversation_id, row.subject) for row in entries] == [
        ("nichts", None, MARK),
        (ACTION, None, f"{MARK}, rows: {erased.total}"),
    ]
    again = await erasure.erase(PERSON, MARK, "test")
    assert again.total == 0


@pytest.fixture
def conversations_(conversations: SqlConversations) -> SqlConversations:
    """The store's."""
    return conversations


Claim = Callable[[Database, SqlConversations, Clock, str], Awaitable[Any]]


async def _prove(database: Database, _: SqlConversations, clock: Clock, conversation: str) -> None:
    await SqlProofs(database, clock).add(conversation, [ADDRESS], clock() - timedelta(days=50))


async def _leave_a_message(
    database: Database, conversations: SqlConversations, clock: Clock, conversation: str
) -> None:
    request = MessageRequest(f"gern an {TYPED}", "Bitte rufen Sie an.")
    await SqlTickets(database, conversations, clock).open("k", conversation, request)


async def _mail(database: Database, _: SqlConversations, clock: Clock, conversation: str) -> None:
    change = {"channel": "email", "address": f"{ADDRESS}#0123456789abcdef01234567"}
    await database.write(
        lambda connection: connection.execute(
            update(conversations).where(conversations.c.id == conversation).values(change)
        )
    )


@pytest.mark.parametrize("claim", [_prove, _leave_a_message, _mail])
async def test_whose_conversation_it_is(
    claim: Claim, database: Database, clock: Clock, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """Proven once, however long ago; left as a contact; or written from there. Another person's stays as it is."""
    mine = await conversations_.accept(Incoming("web", "a", "1", "hallo"), None, 9)
    others = await conversations_.accept(Incoming("web", "b", "1", "auch hallo"), None, 9)
    await claim(database, conversations_, clock, mine.conversation)
    await erasure.erase(PERSON, MARK, "test")
    left = await database.read(lambda connection: connection.scalars(select(conversations.c.id)).all())
    assert left == [others.conversation]


async def test_words_around_it_and_other_addresses_stay(
    database: Database, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """A longer address that ends or begins alike is somebody else's."""
    text = f"{OTHER}, x{ADDRESS}, {TYPED}, {ADDRESS}x und {ADDRESS.replace('@', '.x@')}!"
    told = await conversations_.accept(Incoming("web", "b", "1", text), None, 9)
    await erasure.erase(PERSON, MARK, "test")
    query = select(messages.c.text).where(messages.c.id == told.message)
    left = await database.read(lambda connection: connection.scalar(query))
    assert left == text.replace(TYPED, MARK)


async def test_a_turn_that_is_under_way_does_not_bring_it_back(
    database: Database, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """It leaves no trace, and is taken anew without the address; of an erased conversation nothing is written."""
    await conversations_.accept(Incoming("web", "b", "1", f"wie voll ist {ADDRESS}"), None, 9)
    told = await conversations_.accept(Incoming("web", "b", "2", "und?"), None, 9)
    first = await conversations_.next_waiting(told.conversation)
    assert first
    await conversations_.finish(first, Turn((Reply("?"),), ADDRESS, Decision.ACTION, ("q",), 1.0, True))
    under_way = await conversations_.next_waiting(told.conversation)
    assert under_way
    assert under_way.state == ADDRESS
    await erasure.erase(PERSON, MARK, "test")
    late = Turn((Reply(f"Zu {ADDRESS}"),), ADDRESS, Decision.ACTION, ("q",), 1.0, handoff=Reason.ASKED)
    assert await conversations_.finish(under_way, late) is None
    assert await conversations_.find_replies(under_way.message) is None
    assert not found(await database.read(everything))
    again = await conversations_.next_waiting(told.conversation)
    assert again
    assert (again.message, again.state) == (under_way.message, None)
    assert await conversations_.finish(again, Turn((Reply("gut"),), "{}", Decision.ACTION, ("q",), 1.0))


async def test_a_turn_of_an_erased_conversation_writes_nothing(
    database: Database, conversations_: SqlConversations, clock: Clock, erasure: SqlErasure
) -> None:
    """It ends as if it had been written before; the customer who writes again begins anew."""
    told = await conversations_.accept(Incoming("web", "a", "1", "hallo"), None, 9)
    under_way = await conversations_.next_waiting(told.conversation)
    assert under_way
    await _prove(database, conversations_, clock, told.conversation)
    await erasure.erase(PERSON, MARK, "test")
    turn = Turn((Reply(ADDRESS),), ADDRESS, Decision.ACTION, ("q",), 1.0, handoff=Reason.ASKED)
    assert await conversations_.finish(under_way, turn) is None
    assert not found(await database.read(everything))
    again = await conversations_.accept(Incoming("web", "a", "2", "hallo?"), None, 9)
    assert again.conversation != told.conversation
    assert again.seq == 1


async def test_a_customer_of_a_messenger(
    database: Database, clock: Clock, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """By their id in the channel, with the channel's notes; others' ids that are alike stay."""
    for address in ("491511234567", "4915112345678"):
        await conversations_.accept(Incoming("whatsapp", address, "1", "hallo"), None, 9)
        row = {"channel": "whatsapp", "key": address, "value": {"at": 1}, "updated_at": clock()}
        await database.write(lambda connection, row=row: connection.execute(insert(channel_notes), row))
    erased = await erasure.erase(person_of("whatsapp:491511234567"), MARK, "test")
    assert erased.deleted == {"conversations": 1, "messages": 1, "channel_notes": 1}
    left = await database.read(everything)
    assert "491511234567'" not in left.replace('"', "'")
    assert left.count("4915112345678") == 2


async def test_what_the_operator_must_know(
    database: Database, clock: Clock, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """Tickets by number and reference, other mailboxes, people who were called, and accounts of the desk."""
    row = fill
    await database.write(
        lambda connection: row(connection, clock(), "x", mailbox=ADDRESS, holder="queued", login=ADDRESS)
    )
    number = await database.read(lambda connection: connection.scalar(select(tickets.c.number)))
    conversation = await database.read(lambda connection: connection.scalar(select(conversations.c.id)))
    await SqlProofs(database, clock).add(str(conversation), [OTHER], clock())
    planned = await erasure.preview(PERSON)
    erased = await erasure.erase(PERSON, MARK, "test")
    for report in (planned, erased):
        (ticket,) = report.tickets
        assert (ticket.number, ticket.reference, ticket.is_open, ticket.is_delivered) == (number, "x", False, True)
        assert (report.held, report.mailboxes, report.staff) == (1, {OTHER}, [ADDRESS])
    assert await database.read(lambda connection: connection.scalar(select(agents.c.login))) == ADDRESS


async def test_what_agents_proposed_of_their_questions_goes(
    database: Database, clock: Clock, conversations_: SqlConversations, erasure: SqlErasure
) -> None:
    """Of several questions only theirs."""
    agent = {"login": "b", "name": "B", "role": "agent", "groups": [], "seats": 1, "created_at": clock()}
    await database.write(lambda connection: connection.execute(insert(agents), agent))
    mine = await conversations_.accept(Incoming("web", "a", "1", "hallo"), None, 9)
    others = await conversations_.accept(Incoming("web", "b", "1", "hallo"), None, 9)
    for asked in ([mine.message], [mine.message, others.message]):
        row = {"change": {"kind": "ignore", "messages": asked}, "agent_id": 1, "at": clock()}
        await database.write(lambda connection, row=row: connection.execute(insert(proposals), row))
    await _prove(database, conversations_, clock, mine.conversation)
    await erasure.erase(PERSON, MARK, "test")
    changes = await database.read(lambda connection: connection.scalars(select(proposals.c.change)).all())
    assert changes == [{"kind": "ignore", "messages": [others.message]}]


async def test_export_has_all_of_it(
    database: Database, clock: Clock, tmp_path: Path, conversations_: SqlConversations
) -> None:
    """Every part of the person's own conversation; of others' rows only that there are some."""
    await database.write(lambda connection: fill(connection, clock(), "Worte", mailbox=ADDRESS, used=True))
    others = await conversations_.accept(Incoming("web", "b", "1", f"{TYPED} ist mein Nachbar, geheim"), None, 9)
    dossier = await SqlDossier(database).collect(PERSON, tmp_path / "files")
    (conversation,) = dossier["conversations"]
    assert all(conversation[part] for part in conversation if isinstance(conversation[part], list))
    assert {"messages", "tickets", "one_time_codes", "ratings", "notes_of_our_staff"} <= conversation.keys()
    (message,) = conversation["messages"]
    assert (message["text"], message["learnt_as"]) == ("Worte", "Worte")
    (file,) = (tmp_path / "files").iterdir()
    assert (message["files"][0]["file"], file.read_bytes()) == (str(file), b"Worte")
    assert "digest" not in json.dumps(dossier)
    assert dossier["named_in_rows_of_others"] == [{"table": "messages", "rows": 1, "at": [clock().isoformat()]}]
    assert "geheim" not in json.dumps(dossier)
    assert others.conversation not in json.dumps(dossier)
    inline = await SqlDossier(database).collect(PERSON, None)
    assert inline["conversations"][0]["messages"][0]["files"][0]["content_base64"] == "V29ydGU="


async def test_the_bytes_are_gone_from_the_file(tmp_path: Path, clock: Clock) -> None:
    """SQLite leaves what is deleted in the file and in its log, until they are written anew."""
    file = tmp_path / "store.db"
    database = open_database(f"sqlite:///{file}")
    await database.migrate()
    conversations_ = SqlConversations(database, clock)
    for number in range(60):
        text = f"Zeile {number} von {TYPED} " + "und so weiter " * 40
        told = await conversations_.accept(Incoming("web", "a", f"a{number}", text), None, 99)
        await conversations_.accept(Incoming("web", "b", f"b{number}", text), None, 99)
    await _prove(database, conversations_, clock, told.conversation)
    assert b"quirin.zander" in _bytes(file).lower()
    # As a server has it open, and reads.
    with closing(sqlite3.connect(file)) as reader:
        assert reader.execute("SELECT count(*) FROM messages").fetchone() == (120,)
        await SqlErasure(database, clock).erase(PERSON, MARK, "test")
        await database.compact()
        assert reader.execute("SELECT count(*) FROM messages").fetchone() == (60,)
        assert b"quirin" not in _bytes(file).lower()
    assert await conversations_.find("web", "b") is not None
    await database.close()


def _bytes(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.iterdir() if each.is_file())
