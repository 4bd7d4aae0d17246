"""Keys for what must not be read or forged, each made of the one secret of the installation."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SettingsError
from bot.settings import Settings

FILE = "secret.key"


def load_secret(settings: Settings, folder: Path | None) -> bytes:
    """
    The secret of the settings; else the one in a file of `folder`, the SQLite database's, made the first time.

    Raises SettingsError where there is neither: with a database server several processes need the same.
    """
    if given := settings.secret_key.get_secret_value():
        return given.encode()
    if folder is None:
        raise SettingsError(
            "POSTBOTE_SECRET_KEY is missing, which a database server needs: every process must have the same. "
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return _of_file(folder / FILE)


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF, RFC 5869): one key gives nothing away of another."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def _of_file(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes()
    made = secrets.token_urlsafe(48).encode()
    with os.fdopen(handle, "wb") as opened:
        opened.write(made)
    return made
