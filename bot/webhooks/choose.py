"""From the settings to the other system."""

from bot.clock import Clock
from bot.errors import SettingsError
from bot.settings import Settings
from bot.signing import Signer
from bot.webhooks.receiver import HttpReceiver


def find_receiver(settings: Settings, clock: Clock) -> HttpReceiver | None:
    """None where nobody is to be told; nothing is connected yet. Raises SettingsError, which names the key."""
    url, secret = settings.events_url, settings.events_secret.get_secret_value()
    if not url and not secret:
        return None
    if not url or not secret:
        missing, given = ("URL", "SECRET") if secret else ("SECRET", "URL")
        raise SettingsError(
            f"POSTBOTE_EVENTS_{missing} is missing, which POSTBOTE_EVENTS_{given} needs. Set both, or neither."
        )
    if not url.startswith(("https://", "http://")):
        raise SettingsError("POSTBOTE_EVENTS_URL must begin with https:// (or http:// within your own network).")
    try:
        return HttpReceiver(url, Signer(secret), settings.events_timeout, clock)
    except ValueError as error:
        raise SettingsError(f"POSTBOTE_EVENTS_SECRET does not fit: {error}. Write whsec_ and base64.") from error
