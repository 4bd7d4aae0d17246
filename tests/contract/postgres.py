"""A real PostgreSQL for the tests: a throw-away cluster of Debian's, on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

USER = "postgres"
PASSWORD = "ein kennwort: p@ss/wort"
PATIENCE = 60  # seconds; it takes about one


@dataclass(frozen=True)
class Postgres:
    """One that runs."""

    folder: Path

    @property
    def pid(self) -> int:
        """Of the server's first process, whose children are all others."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """For SQLAlchemy, with the password in it."""
        query = {"host": str(self.folder)}
        url = URL.create("postgresql+asyncpg", USER, password, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def create_database(self, name: str, *statements: str) -> str:
        """With what the statements make; returns its URL."""
        self.run("postgres", f'CREATE DATABASE "{name}"')
        self.run(name, *statements)
        return self.url(name)

    def run(self, database: str, *statements: str) -> None:
        """Run statements, each on its own; by psql, as a test may ask for it while it runs a loop."""
        commands = [word for statement in statements for word in ("-c", statement)]
        _run(
            "psql",
            "-h",
            self.folder,
            "-U",
            USER,
            "-d",
            database,
            "-qX",
            "-v",
            "ON_ERROR_STOP=1",
            *commands,
            folder=self.folder,
        )

    def ask(self, database: str, query: str) -> str:
        """The one value that a query gives."""
        return _run("psql", "-h", self.folder, "-U", USER, "-d", database, "-qXAt", "-c", query, folder=self.folder)

    def restart(self) -> None:
        """Connections are cut, as by an operator in a hurry."""
        self._control("-m", "immediate", "-l", self.folder / "log", "restart")

    def start(self) -> None:
        """As it is made here: nothing of it shall survive, so it need not sync."""
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self._control("-l", self.folder / "log", "-o", options, "start")

    def revive(self) -> None:
        """Start it, if it has ended of itself, as systemd does; it does so when it has no room for its log."""
        if not self._runs:
            (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
            self.start()

    @property
    def _runs(self) -> bool:
        with suppress(FileNotFoundError, ValueError, IndexError):
            return Path(f"/proc/{self.pid}").exists()
        return False

    def stop(self) -> None:
        """At once."""
        if self._runs:
            self._control("-m", "immediate", "stop")

    def _control(self, *arguments: object) -> None:
        _run("pg_ctl", "-D", self.folder / "data", "--wait", *arguments, folder=self.folder)


def find_binaries() -> Path | None:
    """Where initdb and pg_ctl are, the newest version first; Debian has them outside the path."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda file: float(file.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None


def why_no_postgres() -> str | None:
    """The reason for which it cannot be started here; None if it can."""
    return None if find_binaries() else "PostgreSQL is missing (Debian: apt install postgresql)"


@contextmanager
def running_postgres(where: Path | None = None) -> Iterator[Postgres]:
    """Make a cluster, start it, wait until it answers, and remove it in the end; `where`: in which folder."""
    # Not pytest's folder: the user postgres must get in, and the name of the socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=where))
    server = Postgres(folder)
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD, "utf-8")
    for path in (folder, secret):
        if os.getuid() == 0:
            shutil.chown(path, USER, USER)
    try:
        auth = ("--auth=scram-sha-256", "--pwfile", secret)
        _run("initdb", "-D", data, "-U", USER, *auth, "--no-sync", "-E", "UTF8", "--locale=C", folder=folder)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _run(program: str, *arguments: object, folder: Path) -> str:
    binaries = find_binaries()
    assert binaries is not None
    done = subprocess.run(
        [str(binaries / program), *map(str, arguments)],
        user=USER if os.getuid() == 0 else None,  # initdb and the server refuse to run as root
        cwd=folder,
        env=os.environ | {"PGPASSWORD": PASSWORD},
        timeout=PATIENCE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stdout} {done.stderr}")
    return done.stdout
