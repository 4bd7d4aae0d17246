"""The OpenID Connect provider of the settings."""

from urllib.parse import urlsplit

from bot.clock import Clock
from bot.errors import SettingsError
from bot.oidc.provider import OidcProvider
from bot.settings import Settings
from bot.staff.ports import IdentityProvider

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def choose_identity_provider(settings: Settings, clock: Clock) -> IdentityProvider | None:
    """None where none is set. Raises SettingsError."""
    issuer = settings.desk_oidc_issuer
    if not issuer:
        if not settings.desk_passwords:
            raise SettingsError("POSTBOTE_DESK_PASSWORDS is false, so POSTBOTE_DESK_OIDC_ISSUER must be set.")
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingsError(f"POSTBOTE_DESK_OIDC_ISSUER is {issuer!r}; it must begin with https://.")
    if not settings.desk_oidc_client_id:
        raise SettingsError("POSTBOTE_DESK_OIDC_CLIENT_ID is missing. Your provider shows it for the client.")
    return OidcProvider(settings, clock)
