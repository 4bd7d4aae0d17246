"""A real Dovecot for the tests: Debian's, with a configuration, users and ports of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

API_KEY = "ein-schlüssel"
PASSWORD = "ein kennwort: mit doppelpunkt"
PATIENCE = 20  # seconds; it takes less than one

# Extra fields of the userdb: the limit, and where the owner can be reached.
USERS = """\
anna@lindenpost.example:{PLAIN}x::::::userdb_quota_rule=*:storage=1M userdb_contact=Anna.Brandt@privat.example
david@lindenpost.example:{PLAIN}x::::::userdb_contact=david@werkstatt.example
frank@lindenpost.example:{PLAIN}x::::::userdb_quota_rule=*:storage=1M
selma@lindenpost.example:{PLAIN}x::::::userdb_quota_rule=*:storage=1M userdb_contact=selma@lindenpost.example
"""
CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols =
ssl = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 0
mail_uid = {mail}
mail_gid = {mail_group}
mail_home = {folder}/mail/%u
mail_location = maildir:~/Maildir
mail_plugins = quota
mailbox_list_index = yes
plugin {{
  quota = count:Mailbox
  quota_vsizes = yes
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
doveadm_api_key = {key}
doveadm_password = {password}
doveadm_allowed_commands = quota get,user
service doveadm {{
  inet_listener http {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """One that runs."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Of the doveadm HTTP listener."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.folder / "log").read_text("utf-8")

    def fill(self, address: str, kib: int) -> None:
        """Store ten mails that have so many KiB together."""
        head, line = b"From: a@b.example\r\nSubject: Rechnung\r\n\r\n", b"x" * 62 + b"\r\n"
        size = kib * 1024 // 10 - len(head)
        mail = head + (line * (size // len(line) + 1))[: size - 2] + b"\r\n"
        command = ["doveadm", "-c", str(self.folder / "dovecot.conf"), "save", "-u", address]
        for _ in range(10):
            subprocess.run(command, input=mail, check=True, timeout=PATIENCE)


def why_no_dovecot() -> str | None:
    """The reason for which it cannot be started here; None if it can."""
    if not shutil.which("dovecot"):
        return "Dovecot is missing (Debian: apt install dovecot-core)"
    version = subprocess.run(["dovecot", "--version"], capture_output=True, text=True, check=True).stdout
    return None if version.startswith("2.3.") else f"The configuration is for Dovecot 2.3, not {version}"


@contextmanager
def running_dovecot(more: str = "") -> Iterator[Dovecot]:
    """Start it with `more` configuration, wait until it listens, and stop it in the end."""
    # Not pytest's folder: Dovecot's own users must get in, and the names of sockets must be short.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    process = None
    try:
        port = free_port()
        _prepare(folder, port, more)
        command = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, start_new_session=True)
        _wait(process, port, folder)
        yield Dovecot(folder, port)
    finally:
        if process:
            _stop(process)
        shutil.rmtree(folder)


def _prepare(folder: Path, port: int, more: str) -> None:
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    me = pwd.getpwuid(os.getuid()).pw_name
    names = {"login": me, "internal": me, "group": "", "mail": os.getuid(), "mail_group": os.getgid()}
    if os.getuid() == 0:
        names = {"login": "dovenull", "internal": "dovecot", "group": "dovecot", "mail": "nobody"}
        names["mail_group"] = "nogroup"
        shutil.chown(folder / "mail", "nobody", "nogroup")
    (folder / "users").write_text(USERS, "utf-8")
    text = CONFIGURATION.format(folder=folder, port=port, key=API_KEY, password=PASSWORD, **names)
    (folder / "dovecot.conf").write_text(text + more, "utf-8")


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Until the port takes connections; there is no other sign of it."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"Dovecot did not start: {(folder / 'log').read_text('utf-8')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """With its children, of which one that waits for a client would stay."""
    process.terminate()
    process.wait(PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
