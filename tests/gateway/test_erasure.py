"""A customer who did everything that customers do is erased while the server runs; no byte of their address is left."""

import asyncio
import json
import re
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.channels.telegram.server import TOKEN, TelegramServer
from tests.contract.conftest import CONTACT_QUERY, QUOTA_QUERY, write_sqlite
from tests.contract.postgres import PASSWORD, Postgres, running_postgres, why_no_postgres
from tests.contract.test_dump import run
from tests.server import Server
from tests.unit.test_media import png

pytestmark = pytest.mark.slow

CONTACT = "qz-privat@beispiel.example"
ADDRESS = "quirin.zander@lindenpost.example"
TYPED = "Quirin.Zander@LindenPost.example"
HOSTER = (
    "CREATE TABLE mailbox (address VARCHAR(255), size_mb BIGINT, owner_contact VARCHAR(255))",
    "CREATE TABLE folder (address VARCHAR(255), bytes BIGINT)",
    f"INSERT INTO mailbox VALUES ('{ADDRESS}', 5000, '{CONTACT}')",
    f"INSERT INTO folder VALUES ('{ADDRESS}', 3200000000)",
)
REST = "/webhooks/rest/webhook"


@pytest.fixture(params=["sqlite", "postgres"])
async def installation(request: pytest.FixtureRequest, model: Path, tmp_path: Path) -> AsyncIterator["Installation"]:
    """A server process that logs all it can, on either database, with Telegram."""
    del model
    if request.param == "postgres" and (reason := why_no_postgres()):
        pytest.skip(reason)
    vendor = TelegramServer()
    await vendor.start()
    vendor.files = {"picture": png()}
    if request.param == "sqlite":
        yield await Installation.start(tmp_path, vendor, None)
    else:
        with running_postgres() as postgres:
            yield await Installation.start(tmp_path, vendor, postgres)
    await vendor.stop()


class Installation:
    """The server, and what it keeps."""

    def __init__(self, folder: Path, server: Server, vendor: TelegramServer, postgres: Postgres | None) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.server = server
        self.vendor = vendor
        self.postgres = postgres

    @classmethod
    async def start(cls, folder: Path, vendor: TelegramServer, postgres: Postgres | None) -> "Installation":
        """Its hoster's tables are beside it."""
        (folder / "hoster").mkdir()
        own = folder / "postbote"
        own.mkdir()
        settings = {
            "log": own / "server.log",
            "log_level": "debug",
            "mailboxes": "sql",
            "mailboxes_database_url": write_sqlite(folder / "hoster" / "mail.db", *HOSTER),
            "mailboxes_quota_query": QUOTA_QUERY,
            "mailboxes_contact_query": CONTACT_QUERY,
            "secret_key": "a secret of these tests, which is long enough",
            "attachments": "keep",
            "channels": '["telegram"]',
            "channel_telegram_token": TOKEN,
            "channel_telegram_polling": "true",
            "channel_telegram_url": vendor.url,
            "privacy_logs": json.dumps([f"{own}/*.log"]),
        }
        if postgres:
            settings["database_url"] = postgres.create_database("erasure")
        server = await asyncio.to_thread(Server, own, **settings)
        return cls(own, server, vendor, postgres)

    async def command(self, *arguments: str) -> str:
        """Of `python -m bot`, beside the server."""
        return await asyncio.to_thread(self.server.run, *arguments)

    async def everything(self) -> bytes:
        """All bytes of all files; of a database server what it dumps."""
        if self.postgres:
            dump = self.postgres.folder / "dump.sql"
            host = f"postgresql://postgres@/erasure?host={self.postgres.folder}"
            await asyncio.to_thread(run, ["pg_dump", f"--dbname={host}", f"--file={dump}"])
            assert PASSWORD.encode() not in dump.read_bytes()
            return dump.read_bytes() + _files(self.folder)
        return _files(self.folder)


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def _models(server: Server) -> bytes:
    """What is in the packed models, one of which the server uses."""
    folder = Path(server.environment.get("POSTBOTE_MODELS", "models"))
    files = list(folder.glob("*.tar.gz"))
    assert files
    return b"".join(map(_unpacked, files))


def _unpacked(file: Path) -> bytes:
    with tarfile.open(file) as archive:
        return b"".join(archive.extractfile(member).read() for member in archive.getmembers() if member.isfile())


class Door:
    """What customers and agents do."""

    def __init__(self, session: aiohttp.ClientSession, installation: Installation) -> None:
        self._session = session
        self._url = installation.server.url
        self._vendor = installation.vendor
        self._csrf = ""
        self._update = 0

    async def rest(self, sender: str, text: str) -> str:
        """The last reply."""
        async with self._session.post(self._url + REST, json={"sender": sender, "message": text}) as response:
            assert response.status == 200, await response.text()
            return str(([{"text": ""}, *await response.json()])[-1]["text"])

    async def web(self, text: str) -> None:
        """Of another customer, by the widget's door."""
        async with self._session.post(f"{self._url}/channels/web/conversations") as response:
            secret = (await response.json())["secret"]
        headers = {"Authorization": f"Bearer {secret}"}
        body = {"id": "1", "text": text}
        async with self._session.post(f"{self._url}/channels/web/messages", json=body, headers=headers) as response:
            assert response.status == 202
        async with self._session.get(f"{self._url}/channels/web/messages?after=1&wait=25", headers=headers) as response:
            assert len((await response.json())["messages"]) >= 1

    async def telegram(self, **message: Any) -> None:
        """Returns when the bot has said something to it."""
        before, self._update = len(self._vendor.sent), self._update + 1
        who = {"id": 20202020, "first_name": "Q", "type": "private"}
        await self._vendor.bring(
            {
                "message": {
                    "message_id": self._update,
                    "date": 1,
                    "chat": who,
                    "from": {**who, "is_bot": False},
                    **message,
                }
            }
        )
        while len(self._vendor.sent) == before:  # noqa: ASYNC110 -- the vendor tells nobody when the next one comes
            await asyncio.sleep(0.02)

    async def code(self, number: int) -> str:
        """The newest of `number` mails."""
        while True:
            async with self._session.get(f"{self._url}/demo/mails.json") as response:
                mails = await response.json()
            if len(mails) >= number:
                return re.findall(r"^\d{6}$", mails[0]["text"], re.MULTILINE)[0]
            await asyncio.sleep(0.02)  # nothing tells another process when a mail is out

    async def sign_in(self, login: str, password: str) -> None:
        """At the desk."""
        me = await self.desk("POST", "session", {"login": login, "password": password})
        self._csrf = me["csrf"]

    async def desk(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON."""
        headers = {"X-CSRF-Token": self._csrf}
        url = f"{self._url}/desk/api/{path}"
        async with self._session.request(method, url, json=body, headers=headers) as response:
            assert response.status < 400, await response.text()
            return await response.json() if response.status != 204 else None


async def _do_everything(door: Door, installation: Installation) -> None:
    told = await installation.command("desk", "add-agent", "berger@lindenpost.example", "--name", "B", "--admin")
    await door.sign_in("berger@lindenpost.example", told.rsplit("Password: ", 1)[1].strip())
    assert "Code" in await door.rest("kunde-1", f"wie voll ist {TYPED}")
    assert "64" in await door.rest("kunde-1", f"der code ist {await door.code(1)}")
    await door.rest("kunde-1", f"bitte stellen sie das ganze postfach {ADDRESS} von gestern 16 uhr wieder her")
    await door.rest("kunde-1", "unterordner")
    assert "Ich fasse" in await door.rest("kunde-1", TYPED)
    assert "erteilt" in await door.rest("kunde-1", "passt")
    await door.rest("kunde-1", f"wie backt man einen marmorkuchen für {ADDRESS}?")
    await door.rest("kunde-1", "ich möchte mit einem menschen sprechen")
    await door.telegram(photo=[{"file_id": "picture", "file_unique_id": "p", "width": 1, "height": 1}])
    await door.telegram(text=f"wie voll ist mein Postfach {ADDRESS}")
    await door.telegram(text=await door.code(2))
    await door.telegram(text="ich möchte mit einem menschen sprechen")
    await door.web(f"mein nachbar {TYPED} sagt, das geht. wie voll ist es?")
    await _at_the_desk(door)


async def _at_the_desk(door: Door) -> None:
    cases = [await door.desk("POST", "claim-next") for _ in range(2)]
    for case in cases:
        path = f"conversations/{case['conversation']}"
        await door.desk("POST", f"{path}/notes", {"text": f"Hat {TYPED} bewiesen."})
        await door.desk("POST", f"{path}/messages", {"id": f"{case['conversation']}-1", "text": f"Zu {ADDRESS}: ja."})
        await door.desk("GET", f"{path}/customer?mailbox={ADDRESS}")
    (rest,) = [case for case in cases if case["channel"] == "rest"]
    await door.desk("POST", f"conversations/{rest['conversation']}/transcript", {"mailbox": ADDRESS})
    await door.desk("GET", f"search?mailbox={ADDRESS}")
    await door.desk("GET", f"search?q={ADDRESS}")
    inbox = await door.desk("GET", "learning")
    (question, *_) = [each for group in inbox["groups"] for each in group["questions"] if "marmor" in each["text"]]
    change = {"kind": "out_of_scope", "messages": [question["message"]], "wordings": [f"kuchen für {ADDRESS}"]}
    await door.desk("POST", "learning/propose", {"changes": [change]})


async def test_nothing_is_left_of_the_address(installation: Installation) -> None:
    """In whatever case, in the database and the bytes of its files, in logs, kept files and models."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        door = Door(session, installation)
        await _do_everything(door, installation)
        # A line of some other program in our log, which masks nothing.
        await asyncio.to_thread(_append, installation.log, f"smtp: sent to <{TYPED}>\n")
        exported = json.loads(await installation.command("privacy", "export", TYPED))
        _check_export(exported)
        planned = await installation.command("privacy", "erase", ADDRESS, "--dry-run")
        assert "2 conversations would be deleted" in planned
        assert b"zander" in (await installation.everything()).lower()
        told = await installation.command("privacy", "erase", TYPED, "--yes")
        assert "contact address on file" in told
        await installation.command("privacy", "erase", CONTACT, "--yes")
        assert "2 conversations were deleted" in told
        assert f"lines of {installation.log}" in told
        # The server goes on: others, and whoever comes again.
        assert await door.rest("kunde-2", "welchen port brauch ich für imap")
        assert await door.rest("kunde-1", "welchen port brauch ich für imap")
        assert (await door.desk("GET", "lists"))["queue"] == []
        assert {"erase_person", "export_person"} <= {
            entry["action"] for entry in (await door.desk("GET", "audit"))["entries"]
        }
    await asyncio.to_thread(installation.server.stop)
    left = (await installation.everything()).lower()
    for gone in (ADDRESS, CONTACT, "quirin", "zander", ADDRESS.replace("@", "%40")):
        assert gone.encode() not in left
        assert gone.encode() not in _models(installation.server).lower()
    again = await installation.command("privacy", "erase", ADDRESS, "--yes")
    assert "Nothing was found." in again


def _append(file: Path, line: str) -> None:
    with file.open("a") as log:
        log.write(line)


def _check_export(exported: dict[str, Any]) -> None:
    one, other = sorted(exported["conversations"], key=lambda each: str(each["channel"]))
    assert (one["channel"], other["channel"]) == ("rest", "telegram")
    for part in ("proven_mailboxes", "one_time_codes", "tickets", "transcripts_mailed", "notes_of_our_staff"):
        assert one[part], part
    (kept,) = [file for message in other["messages"] for file in message.get("files", ())]
    assert kept["content_base64"]
    assert [line["text"] for line in exported["log_lines"]] == [f"smtp: sent to <{TYPED}>"]
    tables = {each["table"] for each in exported["named_in_rows_of_others"]}
    assert "messages" in tables
