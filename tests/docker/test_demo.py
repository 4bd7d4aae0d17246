"""The demo's Dovecot is built, runs as compose has it, and tells what a customer asks."""

import re
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from bot.clock import now
from bot.mailplatform.choose import choose_mailboxes
from tests.contract.dovecot import free_port
from tests.docker.checks import FOLDER, compose, load
from tests.docker.image import Store, running, wait

pytestmark = pytest.mark.slow


async def test_postbote_finds_quotas_and_owners_in_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the settings of compose.demo.yml, and Dovecot on another port, as 8080 may be taken here."""
    image = store.build("docker/demo/Dockerfile", "docker/demo", "localhost/postbote-demo-dovecot")
    port = free_port()
    configuration = tmp_path / "dovecot.conf"
    configuration.write_text((FOLDER / "demo" / "dovecot.conf").read_text("utf-8").replace("8080", str(port)), "utf-8")
    services = compose("compose.yml", "compose.demo.yml")["services"]
    folders = [mount.partition(":")[0] for mount in services["dovecot"]["tmpfs"] if "uid" in mount]
    mounts = {image.volume(tmp_path / re.sub("/", "-", folder)): folder for folder in folders}
    with running(image, tmp_path / "log", mounts | {configuration: "/etc/dovecot/dovecot.conf"}) as container:
        wait(container, lambda: listens(port))
        asked = services["worker"]["environment"] | {"POSTBOTE_DOVEADM_URL": f"http://127.0.0.1:{port}"}
        mailboxes = choose_mailboxes(load(asked, monkeypatch, tmp_path), now)
        anna = await mailboxes.quota("anna@lindenpost.example")
        assert anna.total == 1024 * 1024
        assert anna.share
        assert 0.8 < anna.share < 0.95
        assert (await mailboxes.quota("clara@lindenpost.example")).total is None
        assert await mailboxes.find_contact("bernd@lindenpost.example") == "bernd@privat.example"
        await mailboxes.close()


def listens(port: int) -> bool:
    """Whether it takes connections."""
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False
