"""What is on this host: files, keys, space."""

import shutil
import stat
from pathlib import Path

from bot.commands.checks.model import Results, failed, ok, warning
from bot.faq.check import check_faq
from bot.faq.findings import FaqError
from bot.identity.secrets import FILE, load_secret
from bot.settings import Settings
from bot.store.condition import find_file

LITTLE, TIGHT = 200, 1000
"""Megabytes."""


async def check_faq_files(settings: Settings) -> Results:
    """As `python -m bot faq check`."""
    try:
        faq = check_faq(settings.faq)
    except FaqError as error:
        return [failed("FAQ", f"{error}")]
    return [ok("FAQ", f"{len(faq.entries)} entries in {settings.faq}")]


async def check_space(settings: Settings) -> Results:
    """Where the database and the models lie."""
    file = find_file(settings.database_url)
    folders = [settings.models, *([file.parent] if file else [])]
    existing = {_existing(folder) for folder in folders}
    free = {folder: shutil.disk_usage(folder).free // 1_000_000 for folder in existing}
    folder, least = min(free.items(), key=lambda each: each[1])
    text = f"{least} MB are free at {folder}"
    if least < LITTLE:
        return [failed("disk", f"{text}. Messages cannot be stored on a full disk: make room.")]
    return [warning("disk", f"{text}. Make room soon.") if least < TIGHT else ok("disk", text)]


async def check_secret(settings: Settings) -> Results:
    """The key of codes and mails: the same in every process, and nobody else's."""
    if settings.secret_key.get_secret_value():
        return [ok("secret key", "POSTBOTE_SECRET_KEY is set. Keep a copy where the backups are not.")]
    file = find_file(settings.database_url)
    if file is None:
        load_secret(settings, None)
        raise AssertionError("There is no key, which that complains of.")
    key = file.parent / FILE
    if not key.exists():
        return [ok("secret key", f"{key} is made at the first start")]
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        return [failed("secret key", f"Others may read {key}. Run: chmod 600 {key}")]
    return [ok("secret key", f"in {key}")]


def _existing(folder: Path) -> Path:
    """It, or the nearest above it that there is."""
    folder = folder.resolve()
    return next(each for each in (folder, *folder.parents) if each.exists())
