"""The compose files are understood by Docker Compose, and what they say is what the code knows."""

import argparse
import importlib
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import COMMANDS
from tests.conftest import PROJECT
from tests.docker.checks import FOLDER, compose, find_tool, load, run, unknown

PLAIN, DEMO = ("compose.yml",), ("compose.yml", "compose.demo.yml")
OURS = ("migrate", "gateway", "worker", "desk")
PORT = "8080"


@pytest.fixture(params=[PLAIN, DEMO], ids=["plain", "demo"])
def services(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """Of one file, or with the override."""
    found: dict[str, dict[str, Any]] = compose(*request.param)["services"]
    return found


def test_the_parts_are_there() -> None:
    """All of them by one command; the demo adds two."""
    services = compose(*PLAIN)["services"]
    assert set(services) == {*OURS, "database", "caddy"}
    assert services["worker"]["deploy"]["replicas"] == 2
    assert set(compose(*DEMO)["services"]) - set(services) == {"dovecot", "mailpit"}


def test_every_setting_is_one(
    services: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a value that fits; a slip of the pen would be without effect, or end the process."""
    for name in OURS:
        environment = services[name]["environment"]
        assert unknown(environment) == []
        settings = load(environment, monkeypatch, tmp_path)
        assert settings.secret_key.get_secret_value().endswith("a-secret-that-is-long-enough")
        assert settings.port == int(PORT)


def test_the_demo_asks_the_demo_s_own_services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the names and ports that they have, with the key that Dovecot has."""
    services = compose(*DEMO)["services"]
    settings = load(services["worker"]["environment"], monkeypatch, tmp_path)
    configuration = (FOLDER / "demo" / "dovecot.conf").read_text("utf-8")
    port = re.search(r"port = (\d+)", configuration)
    assert port
    assert settings.doveadm_url == f"http://dovecot:{port[1]}"
    assert f"doveadm_api_key = {settings.doveadm_api_key.get_secret_value()}\n" in configuration
    assert f"userdb_{settings.doveadm_contact_field}=" in (FOLDER / "demo" / "users").read_text("utf-8")
    assert settings.smtp_host in services


def test_every_command_is_one(services: dict[str, dict[str, Any]]) -> None:
    """Of `python -m bot`, which is the image's entrypoint."""
    for name in OURS:
        command, *more = services[name]["command"]
        assert command in COMMANDS
        parser = argparse.ArgumentParser()
        importlib.import_module(f"bot.commands.{command}").add_arguments(parser)
        parser.parse_args(more)


def test_nothing_runs_with_more_rights_than_it_needs(services: dict[str, dict[str, Any]]) -> None:
    """Read-only, no capability but one for Caddy, none to be won; and it is there again after a crash."""
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else []), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == ("on-failure" if name == "migrate" else "unless-stopped"), name
        assert not service.get("privileged"), name


def test_only_caddy_can_be_reached_from_outside(services: dict[str, dict[str, Any]]) -> None:
    """And the demo's mails, from this host alone; the database is in a network without a way out."""
    for name, service in services.items():
        published = {(port["published"], port.get("host_ip")) for port in service.get("ports", [])}
        expected = {"caddy": {("80", None), ("443", None)}, "mailpit": {("8025", "127.0.0.1")}}
        assert published == expected.get(name, set()), name
    assert set(services["database"]["networks"]) == {"database"}
    assert "database" not in services["caddy"]["networks"]
    assert compose(*PLAIN)["networks"]["database"]["internal"]


def test_images_are_pinned(services: dict[str, dict[str, Any]]) -> None:
    """By digest, or at least by version, unless they are built here."""
    for name, service in services.items():
        assert "build" in service or re.search(r":v?\d+\.\d+\.\d+$|@sha256:[0-9a-f]{64}$", service["image"]), name


def test_a_process_starts_when_what_it_needs_is_there(services: dict[str, dict[str, Any]]) -> None:
    """The database answers and is migrated; Caddy waits for what it passes on to."""
    for name in ("gateway", "worker", "desk"):
        needed = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert needed == {"database": "service_healthy", "migrate": "service_completed_successfully"}
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    for how in services["caddy"]["depends_on"].values():
        assert how["condition"] == "service_healthy"


def test_every_secret_is_a_file_that_is_made(services: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """By tools/secrets, which never changes what is there; nobody else on the host can look into the folder."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "docker").mkdir()
    tool = shutil.copy(PROJECT / "tools" / "secrets", tmp_path / "tools")
    made = []
    for _ in range(2):
        subprocess.run([tool], check=True, capture_output=True)
        folder = tmp_path / "docker" / "secrets"
        made.append({file.name: file.read_text("utf-8") for file in folder.iterdir()})
    assert made[0] == made[1]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o444}
    secrets = compose(*PLAIN)["secrets"]
    assert {Path(secret["file"]).name for secret in secrets.values()} == set(made[0])
    assert made[0]["database_url"] == f"postgresql+asyncpg://postbote:{made[0]['database_password']}@database/postbote"
    for name, service in services.items():
        mounted = {f"/run/secrets/{secret['source']}" for secret in service.get("secrets", [])}
        named = {value for key, value in service.get("environment", {}).items() if key.endswith("_FILE")}
        assert named == mounted, name


def test_the_site_s_name_is_the_public_address() -> None:
    """One variable for both; without it vendors have no address, as localhost is none."""
    for site, expected in (("chat.example.de", "https://chat.example.de"), ("", "")):
        services = compose(*PLAIN, SITE=site)["services"]
        assert services["gateway"]["environment"]["POSTBOTE_PUBLIC_URL"] == expected
        assert services["caddy"]["environment"]["SITE"] == (site or "localhost")


@pytest.mark.parametrize("file", ["Dockerfile", "demo/Dockerfile"])
def test_dockerfiles_are_as_hadolint_wants_them(file: str) -> None:
    """Each exception has its reason beside it."""
    run([find_tool("hadolint"), FOLDER / file])
