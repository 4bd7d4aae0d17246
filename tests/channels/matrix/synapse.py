"""A real homeserver: Synapse, in an environment of its own (tools/synapse), with a database and keys of its own."""

import hashlib
import hmac
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = "1.163.2"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
HOME = CACHE / "postbote" / f"synapse-{VERSION}"
PYTHON = HOME / "bin" / "python"
DOMAIN = "lindenpost.example"
SECRET = "of the tests alone"
PATIENCE = 120  # seconds; it takes about five

CONFIGURATION: dict[str, Any] = {
    "server_name": DOMAIN,
    "report_stats": False,
    "trusted_key_servers": [],
    "federation_domain_whitelist": [],
    "registration_shared_secret": SECRET,
    "macaroon_secret_key": SECRET,
    "form_secret": SECRET,
    "filter_timeline_limit": 500,
    **{
        f"rc_{what}": {"per_second": 1000, "burst_count": 1000}
        for what in ("message", "registration", "admin_redaction", "presence")
    },
    **{
        f"rc_{what}": {each: {"per_second": 1000, "burst_count": 1000} for each in kinds}
        for what, kinds in {
            "login": ("address", "account", "failed_attempts"),
            "joins": ("local", "remote"),
            "invites": ("per_room", "per_user", "per_issuer"),
        }.items()
    },
}
LOG = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "disable_existing_loggers": False,
}


@dataclass(frozen=True)
class Synapse:
    """One that runs."""

    url: str
    admin: str
    """The token of an administrator."""

    def register(self, name: str) -> str:
        """A new account; returns its token."""
        return _register(self.url, name, admin=False)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the administrator."""
        return _ask(self.url, method, path, body, self.admin)


def why_no_synapse() -> str | None:
    """What is missing, with the remedy."""
    return None if (HOME / "complete").exists() else "Synapse is missing: tools/synapse"


@contextmanager
def running_synapse() -> Iterator[Synapse]:
    """Without rooms; on the loopback address, and federated with nobody."""
    with tempfile.TemporaryDirectory(prefix="synapse-") as name, socket.socket() as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        url = f"http://127.0.0.1:{port}"
        command = [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(_configure(folder, port))]
        _run([*command, "--generate-keys"], folder)
        log = folder / "output.log"
        with log.open("w") as output:
            server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        try:
            _wait(server, f"{url}/_matrix/client/versions", log)
            yield Synapse(url, _register(url, "admin", admin=True))
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _configure(folder: Path, port: int) -> Path:
    listener = {
        "port": port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"], "compress": False}],
    }
    own = {
        "pid_file": str(folder / "pid"),
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "log_config": str(folder / "log.json"),
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "listeners": [listener],
    }
    (folder / "log.json").write_text(json.dumps(LOG))
    file = folder / "homeserver.json"  # JSON is YAML
    file.write_text(json.dumps(CONFIGURATION | own))
    return file


def _register(url: str, name: str, *, admin: bool) -> str:
    """https://element-hq.github.io/synapse/latest/admin_api/register_api.html"""
    nonce = _ask(url, "GET", "/_synapse/admin/v1/register")["nonce"]
    signed = "\0".join((nonce, name, "password", "admin" if admin else "notadmin"))
    mac = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": "password", "admin": admin, "mac": mac}
    return str(_ask(url, "POST", "/_synapse/admin/v1/register", body)["access_token"])


def _ask(url: str, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None, f"Synapse ended:\n{log.read_text()}"
            assert time.monotonic() < deadline, f"Synapse does not answer:\n{log.read_text()}"
            time.sleep(0.05)  # nothing tells another process when it is up
