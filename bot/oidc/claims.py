"""What a provider says of somebody → `Identity`."""

from collections.abc import Mapping
from typing import Any

from bot.settings import Settings
from bot.staff.errors import IdentityError
from bot.staff.model import Identity


def identity_of(claims: Mapping[str, Any], settings: Settings) -> Identity:
    """Raises IdentityError when it is not said who it is."""
    if not claims["sub"]:
        raise IdentityError("The ID token names nobody: its `sub` is empty.")
    email = claims.get("email")
    # Amazon Cognito writes "true".
    is_verified = claims.get("email_verified") in (True, "true") or settings.desk_oidc_trust_email
    name = claims.get("name")
    return Identity(
        subject=f"{settings.desk_oidc_issuer} {claims['sub']}",
        email=email if isinstance(email, str) and is_verified else None,
        name=name if isinstance(name, str) else None,
        groups=_groups(claims, settings.desk_oidc_groups_claim),
    )


def _groups(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """The claim of that name; else by its path, as in Keycloak's `realm_access.roles`."""
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
