"""Tokens of the hoster's logged-in page: the good ones prove, all others are refused with the reason."""

import base64
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.errors import SettingsError
from bot.identity.tokens import TokenError, Tokens
from bot.settings import TokenKey

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECRET = "ein geheimnis, das nur die seite und der bot kennen"
PRIVATE = Ed25519PrivateKey.generate()
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
KEYS = {"old": TokenKey(algorithm="HS256", key=SECRET), "new": TokenKey(algorithm="EdDSA", key=PUBLIC)}


class Proofs:
    """Remembers what was proven."""

    def __init__(self) -> None:
        self.added: list[tuple[str, frozenset[str], datetime]] = []

    async def of(self, conversation: str) -> frozenset[str]:
        return frozenset()

    async def add(self, conversation: str, mailboxes: Collection[str], until: datetime) -> None:
        self.added.append((conversation, frozenset(mailboxes), until))


@pytest.fixture
def proofs() -> Proofs:
    return Proofs()


@pytest.fixture
def tokens(proofs: Proofs) -> Tokens:
    return Tokens(KEYS, "postbote", timedelta(minutes=30), proofs, lambda: NOW)


def claims(**changes: Any) -> dict[str, Any]:
    """Good ones, but for the changes; None takes a claim out."""
    good = {"aud": "postbote", "exp": int(NOW.timestamp()) + 600, "mailboxes": ["Anna@Beispiel.de", "info@beispiel.de"]}
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(kid: str = "old", key: Any = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm, {"kid": kid})


def unsigned() -> str:
    """With `alg: none`, as attackers have tried since 2015."""
    parts = ({"alg": "none", "typ": "JWT", "kid": "old"}, claims())
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize("token", [signed(), signed("new", PRIVATE, "EdDSA")], ids=["HS256", "EdDSA"])
async def test_a_good_token_proves_its_mailboxes(tokens: Tokens, proofs: Proofs, token: str) -> None:
    """In their one spelling, as long as the token holds."""
    await tokens.prove("conversation", token)
    assert proofs.added == [
        ("conversation", frozenset({"anna@beispiel.de", "info@beispiel.de"}), NOW + timedelta(minutes=10))
    ]


async def test_a_long_token_is_remembered_for_the_set_time_only(tokens: Tokens) -> None:
    """Half an hour here."""
    assert tokens.read(signed(exp=int(NOW.timestamp()) + 86400)).until == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(key="ein anderes geheimnis, das niemand kennt"), "Signature"),
        (signed("unknown"), "unknown"),
        (signed(aud="somebody"), "Audience"),
        (signed(aud=None), "aud"),
        (signed(exp=int(NOW.timestamp()) - 60), "expired"),
        (signed(exp=None), "exp"),
        (unsigned(), "alg value"),
        # The public key of EdDSA is no secret: as a secret of HS256 it must open nothing.
        (signed("new", base64.b64encode(PUBLIC.encode()).decode(), "HS256"), "alg value"),
        (signed(mailboxes=None), "mailboxes"),
        (signed(mailboxes=[]), "mailboxes"),
        (signed(mailboxes="anna@beispiel.de"), "mailboxes"),
        (signed(mailboxes=["*@beispiel.de"]), "mailboxes"),
        (signed(mailboxes=["anna@beispiel.de' OR 1=1"]), "mailboxes"),
        (signed(mailboxes=[7]), "mailboxes"),
        (signed(exp="soon"), "exp"),
        ("", "Not enough"),
        ("a.b.c", "token"),
        ("ä" * 100, "token"),
    ],
    # Tokens are signed anew in each process, and tests are told apart by their names.
    ids=lambda value: value if len(value) < 12 else "token",
)
async def test_every_other_token_is_refused_with_the_reason(
    tokens: Tokens, proofs: Proofs, token: str, reason: str
) -> None:
    """And nothing is remembered."""
    with pytest.raises(TokenError, match=reason):
        await tokens.prove("conversation", token)
    assert proofs.added == []


@pytest.mark.parametrize(
    "key",
    [TokenKey(algorithm="HS256", key="zu kurz"), TokenKey(algorithm="EdDSA", key="no key at all, but long enough")],
)
def test_a_key_that_is_none_stops_the_start(key: TokenKey) -> None:
    """With its name, and without itself."""
    with pytest.raises(SettingsError, match="2026-11") as caught:
        Tokens({"2026-11": key}, "postbote", timedelta(minutes=30), Proofs(), lambda: NOW)
    assert key.key.get_secret_value() not in str(caught.value)
