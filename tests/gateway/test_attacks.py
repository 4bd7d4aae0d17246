"""What somebody may try who wants to learn of a mailbox that is not theirs, at the doors and on the real dialogue."""

import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actions import _wiring
from bot.clock import now
from bot.dialogue.engine import RasaDialogue
from bot.gateway.app import create_app
from bot.mailboxes.address import is_address
from bot.settings import TokenKey, load_settings
from bot.wiring import build
from tests.hostile import HOSTILE

pytestmark = pytest.mark.slow

ANNA, NOBODY = "anna@lindenpost.example", "anne@lindenpost.example"
NO_CONTACT = "frank@lindenpost.example"
SECRET = "ein geheimnis, das nur die seite und der bot kennen"
OURS, THEIRS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PUBLIC = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Door:
    """The REST door."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    async def say(self, sender: str, text: str, token: str | None = None) -> list[dict[str, Any]]:
        """One message; its replies."""
        body = {"sender": sender, "message": text, "metadata": {"token": token} if token else None}
        response = await self.client.post("/webhooks/rest/webhook", json=body)
        assert response.status == 200, await response.text()
        replies: list[dict[str, Any]] = await response.json()
        return replies

    async def texts(self, sender: str, text: str) -> list[str]:
        """Of the replies, with the titles of their buttons."""
        replies = await self.say(sender, text)
        return [" ".join([each["text"], *(b["title"] for b in each.get("buttons", ()))]) for each in replies]


@pytest.fixture
async def door(dialogue: RasaDialogue, tmp_path: Path) -> AsyncIterator[Door]:
    """The application in this process, with the demo's mailboxes and two keys for tokens."""
    keys = {"old": TokenKey(algorithm="HS256", key=SECRET), "new": TokenKey(algorithm="EdDSA", key=PUBLIC)}
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/postbote.db", token_keys=keys, unlimited_from=("127.0.0.1",)
    )
    services = build(settings, dialogue)
    _wiring.provide(services.accounts)
    async with TestClient(TestServer(create_app(services))) as client:
        yield Door(client)
    _wiring.provide(None)


async def test_a_mailbox_that_does_not_exist_is_spoken_of_in_the_same_words(door: Door) -> None:
    """Whatever is tried: codes of all kinds, a new one, too many, excuses, another wish, a person."""
    tries = (
        "wie voll ist mein postfach {}",
        "000000",
        "[nochmal] neuen code bitte",
        *["000001"] * 6,
        "da kam nichts an",
        "an welche adresse geht der code?",
        "neuen code bitte",
        "neuen code bitte",
        "was ist imap",
        "was ist mit meinem ticket",
        "abbrechen",
        "was ist mit auftrag T-12345678 zu {}",
    )
    for text in tries:
        spoken = [
            [reply.replace(mailbox, "…") for reply in await door.texts(mailbox, text.format(mailbox))]
            for mailbox in (ANNA, NOBODY, NO_CONTACT)
        ]
        assert spoken[0] == spoken[1] == spoken[2], text
        assert not any("GB" in reply or "liegt kein Auftrag vor" in reply for reply in spoken[0])


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:30]))
async def test_what_is_no_mailbox_is_asked_for_again(door: Door, hostile: str) -> None:
    """No template is filled in, no query breaks, nothing is told; a plain address in it is taken for what it is."""
    await door.texts("mallory", "wie voll ist mein postfach")
    replies = " ".join(await door.texts("mallory", f"es geht um {hostile[:3900]}"))
    assert "GB" not in replies
    if taken := re.search(r"ob Ihnen das Postfach (\S+) gehört", replies):
        assert is_address(taken[1])
        assert taken[1] in hostile.lower().replace("\0", "")  # which no database stores
    else:
        assert "Um welches Postfach geht es?" in replies


@pytest.mark.parametrize("hostile", ["{mailbox}", "{{7*7}}", "%s %(x)s", "_%; DROP TABLE tickets; --", "<b>fett</b>"])
async def test_a_folder_is_text(door: Door, hostile: str) -> None:
    """It comes back as it was written, whatever a template or a database would make of it."""
    token = signed()
    await door.say("anna", "mails vom ordner wiederherstellen", token)
    await door.texts("anna", f"der ordner „{hostile}“ von gestern 16 uhr")
    summary = " ".join([*await door.texts("anna", "unterordner"), *await door.texts("anna", "0171 5550102")])
    assert f"Umfang: **{hostile}**" in summary
    assert "Ihr Auftrag ist erteilt" in " ".join(await door.texts("anna", "ja"))
    assert "T-" in " ".join(await door.texts("anna", "was ist mit meinem ticket"))


def signed(kid: str = "old", key: Any = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    """A good token, but for the changes."""
    claims = {"aud": "postbote", "exp": int((now() + timedelta(hours=12)).timestamp()), "mailboxes": [ANNA]}
    return jwt.encode(claims | changes, key, algorithm, {"kid": kid})


def unsigned() -> str:
    """With `alg: none`."""
    claims = {"aud": "postbote", "exp": 4102444800, "mailboxes": [ANNA]}
    parts = ({"alg": "none", "typ": "JWT", "kid": "old"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def tampered() -> str:
    """Somebody else's mailbox under Anna's signature."""
    head, _, signature = signed().split(".")
    body = base64.urlsafe_b64encode(
        json.dumps({"aud": "postbote", "exp": 4102444800, "mailboxes": ["x@y.de"]}).encode()
    )
    return f"{head}.{body.decode().rstrip('=')}.{signature}"


BAD_TOKENS = {
    "signature": tampered(),
    "key": signed(key="ein anderes geheimnis, das niemand kennt, wirklich"),
    "key of another pair": signed("new", THEIRS, "EdDSA"),
    "unknown kid": signed("2019"),
    "audience": signed(aud="somebody"),
    "expiry": signed(exp=int((now() - timedelta(minutes=2)).timestamp())),
    "alg none": unsigned(),
    "public key as secret": signed("new", base64.b64encode(PUBLIC.encode()).decode(), "HS256"),
}


@pytest.mark.parametrize("what", BAD_TOKENS)
async def test_a_bad_token_is_refused_at_both_doors(door: Door, what: str) -> None:
    """With the reason, and without effect; a good one under the same conditions opens the mailbox."""
    body = {"sender": "anna", "message": "wie voll ist mein postfach", "metadata": {"token": BAD_TOKENS[what]}}
    begun = await (await door.client.post("/channels/web/conversations")).json()
    refused = [
        await door.client.post("/webhooks/rest/webhook", json=body),
        await door.client.post(
            "/channels/web/identity",
            json={"token": BAD_TOKENS[what]},
            headers={"Authorization": f"Bearer {begun['secret']}"},
        ),
    ]
    for response in refused:
        answer = await response.json()
        assert (response.status, answer["error"]) == (401, "bad_token")
        assert len(answer["message"]) > 20
        assert BAD_TOKENS[what] not in answer["message"]
    assert "Um welches Postfach" in (await door.texts("anna", "wie voll ist mein postfach"))[0]


@pytest.mark.parametrize("token", [signed(), signed("new", OURS, "EdDSA")], ids=["HS256", "EdDSA"])
async def test_a_good_token_opens_its_mailboxes_and_no_other(door: Door, token: str) -> None:
    """Both keys hold while they are rotated."""
    assert "64" in (await door.say("anna", "wie voll ist mein postfach", token))[0]["text"]
    assert "ob Ihnen das Postfach bernd@" in (await door.texts("anna", "wie voll ist bernd@lindenpost.example"))[0]


async def test_a_ticket_is_nobody_elses(door: Door) -> None:
    """Its number proves nothing, and is spoken of as one that does not exist."""
    for text in ("ganzes postfach von gestern 16 uhr wiederherstellen", "egal", "0171 5550102"):
        await door.say("anna", text, signed())
    number = (await door.texts("anna", "ja"))[0].partition("**")[2][:10]
    bernd = signed(mailboxes=["bernd@lindenpost.example"])
    spoken = [
        (await door.say("bernd", f"was ist mit {each}", bernd))[0]["text"].replace(each, "…")
        for each in (number, "T-00000000")
    ]
    assert spoken[0] == spoken[1]
    assert "finde ich zu bernd@lindenpost.example nicht" in spoken[0]
