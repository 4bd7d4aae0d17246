"""Read an ID token: by whom it is signed, for whom it is, for which sign-in, and until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from bot.staff.errors import IdentityError

# Of public keys: with HS256 whoever knows the client's secret could sign, and "none" is nobody's.
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"}
LEEWAY = 60
"""Seconds that the provider's clock may be off."""


def read_token(
    tokens: Mapping[str, Any],
    *,
    keys: Any,
    expected: Mapping[str, str],
    algorithms: Sequence[str] | None,
    at: datetime,
) -> dict[str, Any]:
    """
    The claims of `tokens["id_token"]`.

    `keys` is the provider's JSON Web Key Set; `expected` are iss, aud and nonce; `algorithms` those that the
    provider says it uses. Raises IdentityError when anything of it is not as OpenID Connect Core 1.0, 3.1.3.7, asks.
    """
    allowed = sorted(ALGORITHMS & set(algorithms or ["RS256"]))
    try:
        token = jwt.decode(
            tokens["id_token"],
            KeySet.import_key_set(keys),
            registry=JWSRegistry(algorithms=allowed, strict_check_header=False),
        )
        claims = CodeIDToken(
            token.claims,
            token.header,
            {name: {"essential": True, "value": expected[name]} for name in ("iss", "aud")},
            {"nonce": expected["nonce"], "client_id": expected["aud"], "access_token": tokens.get("access_token")},
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise IdentityError(f"The ID token of {expected['iss']} is not good: {error!r}.") from error
    return dict(token.claims)
