"""Build docker/Dockerfile without Docker's engine, and run what comes of it as a container platform would."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.conftest import PROJECT

PATIENCE = 900
"""Seconds for the base or the image on a slow machine."""
ROOM = 8_000_000_000
"""Bytes that there must be in memory, of which a build needs less than two."""
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "postbote"
BASE = CACHE / "debian-bookworm.tar"
DEBIAN = "localhost/debian:bookworm-slim"
TOOLS = {"buildah": "buildah", "mmdebstrap": "mmdebstrap", "unshare": "util-linux", "setpriv": "util-linux"}
# How this machine reaches PyPI, which is nobody else's business: it is mounted while the image is built.
OURS = ("/etc/pip.conf", "/etc/uv", "/usr/local/share/ca-certificates")

# A root file system that is read-only but for what is mounted; then somebody without any capability runs the command.
CONTAINER = """
root=$1; shift
for place in "$@"; do [ "$place" != -- ] || break; [ -e "$place" ] || mkdir -p "$place"; done
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift
exec chroot "$root" "$@"
"""


def why_no_image() -> str | None:
    """The reason for which none can be built here; None if it can."""
    if os.getuid():
        return "Only root can make Debian's base and mount an image"
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    return f"Debian: apt install {' '.join(missing)}" if missing else None


@dataclass(frozen=True)
class Store:
    """A folder of images and containers of its own."""

    folder: Path

    def run(self, *arguments: object) -> str:
        """A command of buildah; returns what it prints."""
        command = ["buildah", "--storage-driver", "overlay", "--root", self.folder, "--runroot", self.folder / "run"]
        command += arguments
        done = subprocess.run(
            list(map(str, command)), cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, f"buildah {arguments[0]} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout.strip()

    def add_base(self) -> None:
        """Debian's, as the Dockerfiles expect it."""
        subprocess.run([PROJECT / "tools" / "debian-base"], check=True, timeout=PATIENCE)
        scratch = self.run("from", "scratch")
        self.run("add", "--quiet", scratch, BASE, "/")
        self.run("commit", "--quiet", "--rm", scratch, DEBIAN)

    def build(self, file: str, context: str, tag: str) -> "Image":
        """A Dockerfile, on the base."""
        mounts = [f"{path}:{path}:ro" for path in OURS if Path(path).exists()]
        # What this machine has downloaded is not downloaded again.
        downloads = CACHE.parent / "uv"
        downloads.mkdir(parents=True, exist_ok=True)
        mounts += [f"{downloads}:/root/.cache/uv"]
        volumes = [word for mount in mounts for word in ("--volume", mount)]
        # HEALTHCHECK is none of the OCI format.
        kind = ["--isolation", "chroot", "--format", "docker", "--pull-never", "--build-arg", f"DEBIAN={DEBIAN}"]
        self.run("bud", *kind, *volumes, "--file", file, "--tag", tag, context)
        container = self.run("from", tag)
        return Image(self, Path(self.run("mount", container)), json.loads(self.run("inspect", tag))["Docker"])


def _roomy() -> Path | None:
    """In memory where there is enough of it, which saves half of the time; else where temporary files are."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


@contextmanager
def opened_store() -> Iterator[Store]:
    """An empty one, of which nothing stays."""
    # Not pytest's folder, which it could not remove while something in it is mounted.
    store = Store(Path(tempfile.mkdtemp(prefix="images-", dir=_roomy())))
    try:
        yield store
    finally:
        store.run("umount", "--all")
        shutil.rmtree(store.folder)


@dataclass(frozen=True)
class Image:
    """One that was built."""

    store: Store
    root: Path
    """Where its files are mounted."""
    description: Mapping[str, Any]

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """User, Env, Cmd and so on."""
        config: Mapping[str, Any] = self.description["config"]
        return config

    @property
    def layers(self) -> list[Path]:
        """What each of them adds, as a folder."""
        known = json.loads((self.store.folder / "overlay-layers" / "layers.json").read_text("utf-8"))
        folders = {layer.get("diff-digest"): self.store.folder / "overlay" / layer["id"] / "diff" for layer in known}
        return [folders[digest] for digest in self.description["rootfs"]["diff_ids"]]

    def volume(self, folder: Path) -> Path:
        """A new folder that belongs to the image's user, as an engine makes it."""
        user, _, group = self.config["User"].partition(":")
        folder.mkdir()
        os.chown(folder, int(user), int(group))
        return folder

    def run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """The result of a command in a container."""
        arguments = self.command(command, **options)
        return subprocess.run(arguments, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def command(
        self, command: Sequence[str], *, mounts: Mapping[Path, str] | None = None, **environment: str
    ) -> list[str]:
        """How to run a command with the image's user, folder and environment, and nothing that it may write to."""
        user, _, group = self.config["User"].partition(":")
        who = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--no-new-privs"]
        who += ["--bounding-set=-all", "--inh-caps=-all", "--"]
        there = ["/bin/sh", "-c", f'cd {self.config["WorkingDir"]} && exec "$@"', "sh"]
        words = [f"{name}={value}" for name, value in environment.items()]
        mounted = [
            str(word) for outside, inside in (mounts or {}).items() for word in (outside, f"{self.root}{inside}")
        ]
        return [
            *("unshare", "--mount", "--propagation", "private", "sh", "-euc", CONTAINER, "sh", str(self.root)),
            *(*mounted, "--", "/usr/bin/env", "-i", *self.config["Env"], *words, *who, *there, *command),
        ]


@dataclass(frozen=True)
class Container:
    """The image's own command, which runs."""

    image: Image
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    log: Path

    def is_healthy(self) -> bool:
        """By the image's own HEALTHCHECK."""
        kind, *check = self.image.config["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.image.run(*check, **self.environment).returncode == 0

    def stop(self) -> str:
        """As a platform does; returns its log."""
        self.process.terminate()
        code = self.process.wait(timeout=60)
        log = self.log.read_text("utf-8")
        assert code == 0, log
        return log


@contextmanager
def running(
    image: Image, log: Path, mounts: Mapping[Path, str], *arguments: str, **environment: str
) -> Iterator[Container]:
    """Start it, with other arguments than its own if some are given; it is killed in the end."""
    # Of whoever runs in it, as an engine's is: some open it anew.
    log.touch()
    log.chmod(0o666)
    command = image.command([*image.config["Entrypoint"], *(image.config["Cmd"] or [])], mounts=mounts, **environment)
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
    try:
        yield Container(image, process, environment, log)
    finally:
        # With its children.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait(container: Container, is_up: Callable[[], bool]) -> None:
    """Until it is; nothing tells another process when it is, platforms ask again and again, too."""
    end = time.monotonic() + PATIENCE
    while not is_up():
        assert container.process.poll() is None, container.log.read_text("utf-8")
        assert time.monotonic() < end, container.log.read_text("utf-8")
        time.sleep(0.2)
