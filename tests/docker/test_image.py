"""
The image is built from docker/Dockerfile, runs as platforms run it, and holds nothing else.

What is shown: the root file system is mounted read-only, the user has no capability and can win none. What is not
shown, as no engine runs here: seccomp profiles, limits of memory, and networks of an engine.
"""

import json
import re
import shutil
import stat
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tests.conftest import PROJECT
from tests.contract.dovecot import free_port
from tests.contract.postgres import running_postgres, why_no_postgres
from tests.docker.checks import compose
from tests.docker.image import Image, running, wait

pytestmark = pytest.mark.slow
LARGEST = 720_000_000
"""Bytes; docs/how-to/install-with-containers.md says what it is, and what of."""
SECRETS = re.compile(r"(^|/)(\.git|\.env|\.netrc|pip\.conf|uv\.toml|secrets|secret\.key|id_[a-z0-9]+)$")


@pytest.fixture
def state(image: Image, tmp_path: Path) -> Path:
    """A volume."""
    return image.volume(tmp_path / "state")


def test_a_container_answers_and_stops_when_it_is_told(image: Image, state: Path, tmp_path: Path) -> None:
    """With the model that it was built with, on a read-only file system, as its own user."""
    port = str(free_port())
    with running(image, tmp_path / "log", {state: "/var/lib/postbote"}, PORT=port) as container:
        wait(container, container.is_healthy)
        assert "IMAP" in ask(port, "Welchen Port brauche ich für IMAP mit SSL?")
        log = container.stop()
    assert not re.search("Read-only file system|Permission denied|Training", log), log
    assert sorted(file.name for file in state.iterdir()) == [
        "models",
        "postbote.db",
        "postbote.db-serving",
        "secret.key",
    ]
    assert not container.is_healthy()


def test_the_processes_of_compose_work_together(image: Image, tmp_path: Path) -> None:
    """On PostgreSQL, with compose's settings and secrets, and with nothing to write to but what compose gives them."""
    if reason := why_no_postgres():
        pytest.skip(reason)
    services = compose("compose.yml")["services"]
    with running_postgres() as postgres, ExitStack() as stack:
        postgres.folder.chmod(0o755)
        url = make_url(postgres.create_database("compose")).update_query_dict({"host": "/run/postgres"})
        secrets = {"database_url": url.render_as_string(hide_password=False), "secret_key": "x" * 32}
        (tmp_path / "secrets").mkdir()
        for name, secret in secrets.items():
            (tmp_path / "secrets" / name).write_text(secret, "utf-8")
        given = {tmp_path / "secrets": "/run/secrets", postgres.folder: "/run/postgres"}
        command, environment = services["migrate"]["command"], services["migrate"]["environment"]
        done = image.run(*image.config["Entrypoint"], *command, mounts=given, **environment)
        assert done.returncode == 0, done.stderr
        ports = {}
        for role in ("desk", "worker", "gateway"):
            service, ports[role] = services[role], str(free_port())
            mounts = given | {image.volume(tmp_path / f"{role}-{n}"): way for n, way in enumerate(writable(service))}
            started = running(
                image, tmp_path / role, mounts, *service["command"], PORT=ports[role], **service["environment"]
            )
            container = stack.enter_context(started)
            wait(container, container.is_healthy)
        assert "IMAP" in ask(ports["gateway"], "Welchen Port brauche ich für IMAP mit SSL?")
        with urllib.request.urlopen(f"http://127.0.0.1:{ports['desk']}/desk/sign-in", timeout=60) as page:
            assert page.status == 200


def writable(service: Mapping[str, Any]) -> Iterator[str]:
    """The folders that it may write to, besides /tmp. A new volume for the FAQ would begin as the image has it."""
    for mount in service["tmpfs"]:
        if mount != "/tmp":
            yield mount.partition(":")[0]
    yield from (volume["target"] for volume in service.get("volumes", []) if not volume["target"].endswith("/faq"))


def ask(port: str, text: str) -> str:
    """What the REST door answers."""
    body = json.dumps({"sender": "somebody", "message": text}).encode()
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return " ".join(reply.get("text", "") for reply in json.load(response))


def test_nobody_in_it_is_root_or_can_become_it(image: Image) -> None:
    """Nor write anywhere but where it should; a fixed number is what volumes are prepared for."""
    assert image.config["User"] == "10001:10001"
    done = image.run("sh", "-c", "id -u; touch /opt/postbote/x; touch /tmp/x && echo written")
    assert done.stdout.split() == ["10001", "written"]
    assert "Read-only file system" in done.stderr
    rising = [path for path in image.root.rglob("*") if is_rising(path)]
    assert rising == []


def is_rising(path: Path) -> bool:
    """Whether who runs it becomes somebody else."""
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) and bool(mode & (stat.S_ISUID | stat.S_ISGID))


def test_what_editors_change_is_trained_in_it(image: Image, state: Path) -> None:
    """The FAQ is a volume, which an engine makes as the image's folder is; a publication runs this very command."""
    assert (image.root / "opt" / "postbote" / "data" / "faq").stat().st_uid == 10001
    faq = state / "faq"
    shutil.copytree(PROJECT / "data" / "faq", faq)
    with (faq / "ssl.md").open("a", encoding="utf-8") as file:
        file.write("\n## Kann ich Quark bestellen? {#quark}\n- quark kaufen\n- gibt es quark\nNein, nur Postfächer.\n")
    mounts = {state: "/var/lib/postbote", faq: "/opt/postbote/data/faq"}
    done = image.run("python", "-m", "bot", "train", mounts=mounts)
    assert (done.returncode, "Trained in" in done.stderr) == (0, True), done.stderr
    assert (state / "models" / Path(done.stdout.strip()).name).stat().st_size > 100_000


def test_it_holds_what_runs_and_nothing_else(image: Image) -> None:
    """No compiler, no installer, no tests; of the project what is tracked, and the model."""
    for tool in ("cc", "gcc", "c++", "ld", "make", "pip", "pip3", "uv", "git", "curl", "wget"):
        assert image.run("sh", "-c", f"command -v {tool}").stdout == "", tool
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    known = set(subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\n"))
    home = image.root / "opt" / "postbote"
    ours = {str(file.relative_to(home)) for file in home.rglob("*") if file.is_file() and ".venv" not in file.parts}
    strange = {name for name in ours - known if not re.search(r"__pycache__/|^models/\w+\.tar\.gz$", name)}
    assert strange == {"data/heldout.jsonl"}
    assert not [name for name in ours if name.startswith(("tests/", "benchmarks/", "docs/"))]


def test_no_layer_holds_a_secret_or_how_it_was_downloaded(image: Image) -> None:
    """A file that a later layer removes can still be read by whoever has the image."""
    for layer in image.layers:
        # An empty one is where this machine's own was mounted for the build.
        filled = (path for path in layer.rglob("*") if path.is_symlink() or path.is_dir() or path.stat().st_size)
        assert [str(path) for path in filled if SECRETS.search(str(path.relative_to(layer)))] == []
        assert not [path for path in (layer / "root" / ".cache").rglob("*") if path.is_file()]
    assert not re.search(r"https?://[^/\s]*@", " ".join(image.config["Env"]))


def test_modules_are_compiled(image: Image) -> None:
    """Nothing can be written beside them later, and a start without it takes four seconds more."""
    home = image.root / "opt" / "postbote"
    for source in [*home.glob("bot/*.py"), *home.glob(".venv/lib/python3.11/site-packages/rasa/core/*.py")]:
        assert (source.parent / "__pycache__" / f"{source.stem}.cpython-311.pyc").is_file(), source


def test_its_size_is_bounded(image: Image) -> None:
    """It is fetched by every host at every release."""
    files = (path.lstat() for layer in image.layers for path in layer.rglob("*"))
    size = sum(file.st_size for file in files if stat.S_ISREG(file.st_mode))
    print(f"The image has {size / 1e6:.0f} MB.")
    assert size < LARGEST


def test_it_says_what_it_is(image: Image) -> None:
    """By the labels that registries and scanners read."""
    labels = image.config["Labels"]
    for name in ("title", "description", "version", "revision", "base.name"):
        assert labels[f"org.opencontainers.image.{name}"]
    assert image.config["ExposedPorts"] == {"8080/tcp": {}}
