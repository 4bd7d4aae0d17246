"""A channel's own settings: `POSTBOTE_CHANNEL_<NAME>_<KEY>` from the environment, a file that it names, or `.env`."""

import os
from typing import Any, TypeVar

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bot.errors import SettingsError
from bot.secret_files import SUFFIX, FileSettings
from bot.settings import CHANNEL_PREFIX


class Options(FileSettings):
    """Base of each channel's options; fields without a default are needed."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore")


AnyOptions = TypeVar("AnyOptions", bound=Options)


def prefix_of(channel: str) -> str:
    """Of the names of the channel's settings."""
    return f"{CHANNEL_PREFIX}{channel.upper()}_"


def load_options(shape: type[AnyOptions], channel: str, **values: Any) -> AnyOptions:
    """The channel's options; `values` win. Raises SettingsError, which names the key and the rule."""
    prefix = prefix_of(channel)
    _check_names(shape, prefix)
    try:
        return shape(_env_prefix=prefix, **values)  # type: ignore[call-arg]  # known at run time only
    except ValidationError as error:
        # Not `from error`: its text shows what was given, passwords as well.
        raise SettingsError("\n".join(_explain(prefix, channel, shape, fault) for fault in error.errors())) from None


def _check_names(shape: type[Options], prefix: str) -> None:
    """A name with a slip of the pen would else be without effect."""
    for name in (*os.environ, *dotenv_values(".env")):
        key = name.upper().removeprefix(prefix)
        if name.upper().startswith(prefix) and key.removesuffix(SUFFIX).lower() not in shape.model_fields:
            known = ", ".join(f"{prefix}{field.upper()}" for field in shape.model_fields)
            raise SettingsError(f"{name} is no setting. There are: {known}.")


def _explain(prefix: str, channel: str, shape: type[Options], fault: Any) -> str:
    key = str(fault["loc"][0]) if fault["loc"] else ""
    name = f"{prefix}{key.upper()}"
    if fault["type"] == "missing":
        return f"{name} is missing, which the channel {channel} needs: {shape.model_fields[key].description}"
    if not key:
        return f"The channel {channel}: {fault['msg']}. Look at {prefix}… in the environment or in .env."
    field = shape.model_fields.get(key)
    secret = field is not None and "SecretStr" in str(field.annotation)
    value = "a value that is not shown here" if secret else f"the value {fault['input']!r}"
    return f"{name} has {value}: {fault['msg']}. Change it in the environment or in .env."


def plain(secret: SecretStr) -> str:
    """For where it is used, and nowhere else."""
    return secret.get_secret_value()
