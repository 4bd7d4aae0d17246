"""What editors and operators bring: the FAQ, published pages, settings, backups."""

import io
import json
import re
import sqlite3
import tarfile
from collections.abc import Sequence
from pathlib import Path

from bot.errors import SettingsError
from bot.faq.check import check_sources
from bot.faq.findings import FaqError
from bot.faq.reader import faq_of
from bot.faq.source import parse_source
from bot.faq.web.extract import NoFaqError, extract
from bot.faq.web.merge import plan_import
from bot.faq.web.page import PageError, read_page
from bot.faq.writer import add_phrasing, set_answer
from bot.settings import load_settings
from bot.store.backup import BackupError, restore
from bot.store.revisions import NewerDatabaseError
from tests.conftest import PROJECT
from tests.contract.clock import START
from tests.fuzz.parser import Parser, text

FAQ = PROJECT / "data" / "faq"
PAGES = PROJECT / "tests" / "unit" / "faq" / "pages"
ENTRY = b"# Postfach\n\n## Welchen Port hat IMAP? {#imap}\n\n- port imap\n- imap ssl port\n\nDer Port ist **993**.\n"


def faq(raw: bytes) -> None:
    """A file of an editor's: read, checked, and written to."""
    source = parse_source(text(raw), FAQ / "fuzz.md")
    if findings := check_sources([source]):
        raise FaqError(findings)
    for entry in faq_of([source]).entries[:3]:
        add_phrasing(source, entry.slug, "Wie geht das?")
        set_answer(source, entry.slug, "So.")


def page_reader(folder: Path) -> Parser:
    """A page that was saved: decoded, its entries found, and made into a file of ours."""
    file = folder / "page.html"

    def read(raw: bytes) -> None:
        file.write_bytes(raw)
        plan_import([], extract(read_page(file), "page.html"), None, folder)

    seeds = [path.read_bytes()[:20_000] for path in sorted(PAGES.glob("*.html"))]
    return Parser("published pages", read, seeds, (PageError, NoFaqError, FaqError))


def settings_reader(folder: Path) -> Parser:
    """A file of settings."""
    file = folder / "env"
    example = (PROJECT / ".env.example").read_text()
    lines = re.sub(r"^# ?(POSTBOTE_|PORT)", r"\1", example, flags=re.MULTILINE).splitlines()
    set_ = [line for line in lines if line.startswith(("POSTBOTE_", "PORT")) and "_CHANNEL_" not in line]
    assert len(set_) > 50

    def read(raw: bytes) -> None:
        file.write_bytes(raw)
        load_settings(_env_file=file)

    seeds = ["\n".join(set_[start : start + 20]).encode() for start in range(0, len(set_), 20)]
    return Parser("settings", read, seeds, (SettingsError,))


def backup_reader(folder: Path) -> Parser:
    """A file that an operator wants to have back."""
    file, database = folder / "copy.tar", folder / "postbote.db"
    folder.mkdir(exist_ok=True)

    def read(raw: bytes) -> None:
        file.write_bytes(raw)
        try:
            restore(file, database, START)
        finally:
            for each in folder.glob("postbote.db*"):
                each.unlink()

    return Parser("backups", read, [_backup(folder, "w:gz"), _backup(folder, "w")], (BackupError, NewerDatabaseError))


def _backup(folder: Path, mode: str) -> bytes:
    copy = folder / "seed.db"
    copy.unlink(missing_ok=True)
    with sqlite3.connect(copy) as connection:
        connection.executescript(
            "PRAGMA page_size=512; CREATE TABLE alembic_version (version_num); CREATE TABLE messages (id)"
        )
    connection.close()
    manifest = {"made_at": START.isoformat(), "revisions": [], "messages": 0}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]  # one of the two above
        for name, content in (("manifest.json", json.dumps(manifest).encode()), ("postbote.db", copy.read_bytes())):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


PARSERS: Sequence[Parser] = [
    Parser("FAQ", faq, [ENTRY, *(path.read_bytes()[:6000] for path in sorted(FAQ.glob("*.md")))], (FaqError,)),
]
