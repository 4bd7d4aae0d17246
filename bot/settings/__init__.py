"""Every setting: from the environment (`POSTBOTE_…`), a file that it names, or `.env`; read once and never changed."""

from bot.settings.identity import TokenKey
from bot.settings.load import CHANNEL_PREFIX, Settings, load_settings
from bot.settings.server import SHORTEST_SECRET

__all__ = ["CHANNEL_PREFIX", "SHORTEST_SECRET", "Settings", "TokenKey", "load_settings"]
