"""From the settings to the channels."""

from collections.abc import Mapping

from bot.channels import (
    callback,
    chatwoot,
    email,
    instagram,
    matrix,
    messenger,
    rocketchat,
    slack,
    socketio,
    teams,
    telegram,
    whatsapp,
)
from bot.channels.options import Options, load_options
from bot.channels.port import Channel, Kind, Tools
from bot.errors import SettingsError
from bot.settings import Settings

KINDS: Mapping[str, Kind] = {
    "callback": callback.KIND,
    "chatwoot": chatwoot.KIND,
    "email": email.KIND,
    "instagram": instagram.KIND,
    "matrix": matrix.KIND,
    "messenger": messenger.KIND,
    "rocketchat": rocketchat.KIND,
    "slack": slack.KIND,
    "teams": teams.KIND,
    "telegram": telegram.KIND,
    "whatsapp": whatsapp.KIND,
}
"""Every channel that can be switched on by POSTBOTE_CHANNELS; REST and the widget always are."""
DOORS: Mapping[str, type[Options]] = {socketio.CHANNEL: socketio.SocketIoOptions}
"""Those among them whose clients keep a connection open: nothing is sent to them, they listen to the news."""


def choose_channels(tools: Tools, kinds: Mapping[str, Kind] = KINDS) -> dict[str, Channel]:
    """Those that the settings name. Raises SettingsError, which names the key, for one that is unknown or half set."""
    return {name: get_kind(name, kinds).make(tools) for name in tools.settings.channels if name not in DOORS}


def choose_doors(settings: Settings) -> dict[str, Options]:
    """The options of those that the settings name. Raises SettingsError, which names the key, for one half set."""
    return {name: load_options(DOORS[name], name) for name in settings.channels if name in DOORS}


def get_kind(name: str, kinds: Mapping[str, Kind] = KINDS) -> Kind:
    """Raises SettingsError for a name that is none."""
    if name not in kinds:
        known = ", ".join(sorted({*kinds, *DOORS}))
        raise SettingsError(f"POSTBOTE_CHANNELS names {name!r}, which is no channel. There are: {known}.")
    return kinds[name]
