"""A real Request Tracker 5: Debian's, with a database and a configuration of its own."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = Path("/usr/share/request-tracker5/libexec/rt-server")
SETUP = "rt-setup-database-5"
QUEUE = "Restores"
PATIENCE = 60  # seconds; it takes about six

CONFIGURATION = """
Set($rtname, 'postbote.test');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '{folder}/rt.db');
Set($WebDomain, '127.0.0.1');
Set($WebPort, {port});
Set($WebBaseURL, 'http://127.0.0.1:{port}');
Set($LogToSTDERR, 'error');
Set($LogToSyslog, undef);
Set($LogToFile, undef);
Set($MailCommand, 'testfile');
Set($Timezone, 'Europe/Berlin');
1;
"""
# What an administrator would click together: a queue, a user with the rights for it, a token.
SEED = f"""
use lib '/usr/share/request-tracker5/lib';
use RT; RT::LoadConfig(); RT::Init(); require RT::AuthToken;
sub made {{ my ($ok, $message) = @_; die $message unless $ok; }}
my $queue = RT::Queue->new(RT->SystemUser); made($queue->Create(Name => '{QUEUE}'));
my $user = RT::User->new(RT->SystemUser);
made($user->Create(Name => 'postbote', Privileged => 1));
for my $right (qw(SeeQueue CreateTicket ShowTicket ModifyTicket)) {{
    made($user->PrincipalObj->GrantRight(Right => $right, Object => $queue));
}}
my ($ok, $message, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'bot');
made($ok, $message); print $token;
"""


@dataclass(frozen=True)
class Rt:
    """One that runs."""

    url: str
    token: str

    def get(self, path: str) -> Any:
        """What its REST API answers."""
        request = urllib.request.Request(f"{self.url}/REST/2.0{path}", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def requestors(self, number: str) -> list[str]:
        """The addresses that RT writes to on behalf of the ticket that carries our number."""
        query = urllib.parse.urlencode({"query": f"Subject LIKE '[{number}]'"})
        (found,) = self.get(f"/tickets?{query}")["items"]
        return [each["id"] for each in self.get(f"/ticket/{found['id']}")["Requestor"]]


def why_no_rt() -> str | None:
    """What is missing, with the remedy."""
    if SERVER.exists() and shutil.which(SETUP):
        return None
    return "Request Tracker is missing: apt-get install request-tracker5 rt5-db-sqlite rt5-standalone"


@contextmanager
def running_rt() -> Iterator[Rt]:
    """With an empty queue; its mails go into a file."""
    with tempfile.TemporaryDirectory(prefix="rt-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        configuration = Path(folder) / "RT_SiteConfig.pm"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
        (Path(folder) / "d").mkdir()
        environment = os.environ | {"RT_SITE_CONFIG": str(configuration), "RT_SITE_CONFIG_DIR": f"{folder}/d"}
        _run([SETUP, "--action", "init", "--skip-create"], environment)
        token = _run(["perl", "-e", SEED], environment)
        log = Path(folder) / "server.log"
        with log.open("w") as output:
            command = [str(SERVER), "--host", "127.0.0.1", "--port", str(port)]
            server = subprocess.Popen(command, env=environment, cwd=folder, stdout=output, stderr=output)
        try:
            _wait(server, f"http://127.0.0.1:{port}", log)
            yield Rt(f"http://127.0.0.1:{port}", token)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None, f"Request Tracker ended:\n{log.read_text()}"
            assert time.monotonic() < deadline, f"Request Tracker does not answer:\n{log.read_text()}"
            time.sleep(0.05)  # nothing tells another process when it is up
