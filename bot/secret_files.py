"""Settings whose values stand in files, as container platforms hand out secrets: `POSTBOTE_<KEY>_FILE` names one."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, PydanticBaseSettingsSource

from bot.errors import SettingsError

SUFFIX = "_FILE"


class FileSource(EnvSettingsSource):
    """As the environment, whose place the files take; for each key only one of the two may be set."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        given = {**dotenv_values(".env"), **os.environ}
        prefix = self.env_prefix.upper()
        keys = {f"{prefix}{key.upper()}" for key in self.settings_cls.model_fields}
        named = {name: path for name, path in given.items() if path and names_file(name, keys)}
        for name in named:
            if given.get(name[: -len(SUFFIX)]):
                raise SettingsError(f"{name} and {name[: -len(SUFFIX)]} are both set. Set one of them only.")
        return {name[: -len(SUFFIX)].lower(): _read(name, Path(path)) for name, path in named.items()}


class FileSettings(BaseSettings):
    """Base of settings of which each may stand in a file; what a caller gives wins, then files and the environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """See pydantic-settings; the files take the prefix that the environment is read by."""
        del dotenv_settings
        assert isinstance(env_settings, EnvSettingsSource)
        prefix = env_settings.env_prefix
        files = FileSource(settings_cls, env_prefix=prefix)
        return init_settings, files, env_settings, cls.lines_of(settings_cls, prefix), file_secret_settings

    @classmethod
    def lines_of(cls, settings_cls: type[BaseSettings], prefix: str) -> PydanticBaseSettingsSource:
        """Of `.env`."""
        return DotEnvSettingsSource(settings_cls, env_prefix=prefix)


def names_file(name: str, keys: Iterable[str]) -> bool:
    """Whether a name of the environment is one of the keys (in capitals) with the suffix."""
    return name.upper().endswith(SUFFIX) and name.upper()[: -len(SUFFIX)] in keys


def _read(name: str, path: Path) -> str:
    try:
        # Editors and `echo` end a file with a line end, which no secret has.
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"{name} names {path}, which cannot be read: {reason}. Mount it, or set another.") from None
