"""
A small OpenID Connect provider on loopback, as strict as a real one, which lies on command.

Who comes to its page is signed in at once, as the user of `claims`.
"""

import base64
import functools
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import RSAKey
from yarl import URL

CLIENT, SECRET = "postbote", "ein geheimes Wort: 100 % für uns+"
Token = dict[str, Any]


class Provider:
    """One that runs; `claims` says who is signed in, and the rest what it does wrong."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {
            "sub": "4711",
            "email": "berger@lindenpost.example",
            "email_verified": True,
            "name": "Frau Berger",
        }
        self.twist: Callable[[Token], None] = _leave
        """Changes the ID token before it is signed."""
        self.sign: Callable[[Token], str] = self.sign_rightly
        self.answer: Callable[[dict[str, str]], None] = _leave
        """Changes what the browser brings back."""
        self.metadata: dict[str, Any] = {}
        """Takes the place of what it publishes."""
        self.userinfo: dict[str, Any] = {}
        self._subject: str | None = None
        self.grants: dict[str, dict[str, str]] = {}
        self.key = key("first")
        app = web.Application()
        app.add_routes(
            [
                web.get("/.well-known/openid-configuration", self._discovery),
                web.get("/authorize", self._authorize),
                web.post("/token", self._token),
                web.get("/keys", self._keys),
                web.get("/userinfo", self._userinfo),
            ]
        )
        self.server = TestServer(app)

    @property
    def issuer(self) -> str:
        """Its address."""
        return str(self.server.make_url("")).rstrip("/")

    def sign_rightly(self, token: Token) -> str:
        """With the key that it publishes."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, token, self.key)

    def sign_with_another_key(self, token: Token) -> str:
        """Which claims to be the published one."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, token, key("another"))

    def sign_with_the_secret(self, token: Token) -> str:
        """By HMAC, as whoever knows the client's secret could."""
        return self._sign_by_hmac(token, SECRET.encode())

    def sign_with_the_public_key(self, token: Token) -> str:
        """By HMAC with what everybody knows: the classic confusion of algorithms."""
        return self._sign_by_hmac(token, self.key.as_pem(private=False))

    def _sign_by_hmac(self, token: Token, secret: bytes) -> str:
        signed = f"{_encode({'alg': 'HS256', 'kid': self.key.kid})}.{_encode(token)}"
        signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_base64(signature)}"

    def sign_not_at_all(self, token: Token) -> str:
        """Algorithm `none`."""
        return f"{_encode({'alg': 'none'})}.{_encode(token)}."

    def sign_and_change(self, token: Token) -> str:
        """Signed for somebody, then about somebody else."""
        head, _, signature = self.sign_rightly(token).split(".")
        return f"{head}.{_encode(token | {'sub': '1'})}.{signature}"

    async def _discovery(self, request: web.Request) -> web.Response:
        published = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        return web.json_response(published | self.metadata)

    async def _authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        assert all(len(query[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
        code = secrets.token_urlsafe()
        self.grants[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.issuer}
        self.answer(answer)
        return web.Response(status=302, headers={"Location": str(URL(query["redirect_uri"]).with_query(answer))})

    async def _token(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        if not self._is_ours(request, form):
            return web.json_response({"error": "invalid_client"}, status=401)
        grant = self.grants.pop(str(form["code"]), None)
        challenge = _base64(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if (
            form["grant_type"] != "authorization_code"
            or grant is None
            or grant["redirect_uri"] != form["redirect_uri"]
            or grant["code_challenge"] != challenge
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        access_token, now = secrets.token_urlsafe(), int(time.time())
        token: Token = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": grant["nonce"],
            "at_hash": _base64(hashlib.sha256(access_token.encode()).digest()[:16]),
            **self.claims,
        }
        self.twist(token)
        self._subject = token.get("sub")
        return web.json_response(
            {"access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": self.sign(token)}
        )

    def _is_ours(self, request: web.Request, form: dict[str, Any]) -> bool:
        if form.get("client_secret"):
            return (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        given = BasicAuth.decode(request.headers["Authorization"], "utf-8")
        return (unquote_plus(given.login), unquote_plus(given.password)) == (CLIENT, SECRET)

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    async def _userinfo(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"].startswith("Bearer ")
        return web.json_response({"sub": self._subject} | self.userinfo)


@functools.cache
def key(name: str) -> RSAKey:
    """Of that key id; made once, since it takes a while."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def _leave(value: dict[str, Any]) -> None:
    """As it is."""


def _encode(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
