"""From the settings to the channels."""

from collections.abc import Mapping

from bot.channels import telegram
from bot.channels.port import Channel, Kind, Tools
from bot.errors import SettingsError

KINDS: Mapping[str, Kind] = {
    "telegram": telegram.KIND,
}
from bot.channels import slack
from bot.channels.port import Channel, Kind, Tools
from bot.errors import SettingsError

KINDS: Mapping[str, Kind] = {"slack": slack.KIND}
"""Every channel that can be switched on by POSTBOTE_CHANNELS; REST and the widget always are."""


def choose_channels(tools: Tools, kinds: Mapping[str, Kind] = KINDS) -> dict[str, Channel]:
    """Those that the settings name. Raises SettingsError, which names the key, for one that is unknown or half set."""
    return {name: get_kind(name, kinds).make(tools) for name in tools.settings.channels}


def get_kind(name: str, kinds: Mapping[str, Kind] = KINDS) -> Kind:
    """Raises SettingsError for a name that is none."""
    if name not in kinds:
        known = ", ".join(sorted(kinds)) or "none"
        raise SettingsError(f"POSTBOTE_CHANNELS names {name!r}, which is no channel. There are: {known}.")
    return kinds[name]
