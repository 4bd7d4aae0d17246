"""All settings together, and how they are read."""

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from bot.errors import SettingsError
from bot.secret_files import FileSettings, names_file
from bot.settings.channels import ChannelSettings
from bot.settings.desk import DeskSettings
from bot.settings.identity import IdentitySettings
from bot.settings.knowledge import KnowledgeSettings
from bot.settings.mailboxes import MailboxSettings
from bot.settings.privacy import PrivacySettings
from bot.settings.protection import ProtectionSettings
from bot.settings.server import ServerSettings
from bot.settings.tickets import TicketSettings

CHANNEL_PREFIX = "POSTBOTE_CHANNEL_"
"""What so begins is of a channel's own options, see bot.channels.options."""


class _OwnLines(DotEnvSettingsSource):
    """`.env` without the lines of channels, which their options read, and those that name files of secrets."""

    def _read_env_files(self) -> Mapping[str, str | None]:
        lines = super()._read_env_files()
        keys = {f"POSTBOTE_{key.upper()}" for key in Settings.model_fields}
        return {
            name: value
            for name, value in lines.items()
            if not (name.upper().startswith(CHANNEL_PREFIX) or names_file(name, keys))
        }


class Settings(
    PrivacySettings,
    DeskSettings,
    TicketSettings,
    MailboxSettings,
    IdentitySettings,
    ChannelSettings,
    KnowledgeSettings,
    ProtectionSettings,
    ServerSettings,
    FileSettings,
):
    """All families of settings; the last one's come first in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="POSTBOTE_", env_file=".env", env_file_encoding="utf-8", frozen=True, extra="forbid"
    )

    @classmethod
    def lines_of(cls, settings_cls: type[BaseSettings], prefix: str) -> PydanticBaseSettingsSource:
        """Those of `.env` that are ours."""
        return _OwnLines(settings_cls, env_prefix=prefix)


def load_settings(**values: Any) -> Settings:
    """The settings of this process; `values` win. Raises SettingsError, which names the key and the rule."""
    try:
        return Settings(**values)
    except ValidationError as error:
        # Not `from error`: its text shows what was given, passwords as well.
        raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsError(".env is no text in UTF-8. Save it as such.") from None
    except UnreadableError as error:
        # Nor this: its cause holds the value.
        name = _name(str(error).partition('"')[2].partition('"')[0])
        raise SettingsError(f"{name} is not the JSON that it should be. Change it; see .env.example.") from None


def _explain(fault: Any) -> str:
    key = str(fault["loc"][0])
    name = _name(key)
    # What is not known may be a secret whose name has a slip of the pen.
    hidden = _is_secret(key) or fault["type"] == "extra_forbidden"
    value = "a value that is not shown here" if hidden else f"the value {fault['input']!r}"
    return f"{name} has {value}: {fault['msg']}. Change it in the environment or in .env."


def _name(key: str) -> str:
    """As the environment has it."""
    return key.upper() if key.upper().startswith(("PORT", "POSTBOTE_")) else f"POSTBOTE_{key.upper()}"


def _is_secret(key: str) -> bool:
    field = Settings.model_fields.get(key)
    return field is not None and (field.annotation is SecretStr or key == "token_keys")
