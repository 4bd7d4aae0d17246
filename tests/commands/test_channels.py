"""`python -m bot channels`, as an operator calls it."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.choose import KINDS
from bot.commands import channels
from tests.channels.registry import CONTRACTS
from tests.channels.road import Road, configure
from tests.channels.vendor import Vendor

NAME = "telegram"


async def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Its code, and what it prints."""
    parser = argparse.ArgumentParser()
    channels.add_arguments(parser)
    capsys.readouterr()
    # A thread, because the command runs a loop of its own while the vendor's server needs ours.
    code = await asyncio.to_thread(channels.run, parser.parse_args(arguments))
    return code, capsys.readouterr().out


async def listed(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Its code, and every channel by name."""
    code, printed = await call(capsys, "list", "--json")
    return code, {each["name"]: each for each in json.loads(printed)}


@pytest.fixture
async def vendor() -> Any:
    """The vendor's server."""
    vendor = CONTRACTS[NAME]().new_vendor()
    await vendor.start()
    yield vendor
    await vendor.stop()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vendor: Vendor) -> pytest.MonkeyPatch:
    """An operator's, with the channel switched on; to be changed."""
    monkeypatch.setenv("POSTBOTE_DATABASE_URL", f"sqlite:///{tmp_path}/postbote.db")
    monkeypatch.setenv("POSTBOTE_CHANNELS", json.dumps([NAME]))
    monkeypatch.setenv("POSTBOTE_PUBLIC_URL", "https://hilfe.example.de/")
    configure(monkeypatch, NAME, CONTRACTS[NAME]().options(vendor.url))
    return monkeypatch


async def test_every_channel_is_listed_with_its_state(
    settings: pytest.MonkeyPatch, tmp_path: Path, vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is on, whether the vendor answers, when a message last came in and went out."""
    assert (await call(capsys, "connect", NAME))[0] == 0
    code, states = await listed(capsys)
    assert code == 0
    assert {*KINDS, "web", "rest"} <= set(states)
    assert states[NAME]["state"] == "reachable"
    assert states["slack"]["state"] == "off"
    assert states[NAME]["traffic"]["last_in"] is None

    contract = CONTRACTS[NAME]()
    async with Road(NAME, contract.kind, vendor, tmp_path) as road:
        await contract.say(road, "hallo")
        await road.deliver()
    _, states = await listed(capsys)
    assert states[NAME]["traffic"]["last_in"]
    assert states[NAME]["traffic"]["last_out"]


async def test_what_is_wrong_is_said(
    settings: pytest.MonkeyPatch, vendor: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a configuration by the name of the key, a vendor that does not answer by its name; both with code 1."""
    with settings.context() as patch:
        patch.delenv("POSTBOTE_CHANNEL_TELEGRAM_TOKEN")
        code, states = await listed(capsys)
        assert (code, states[NAME]["state"]) == (1, "half configured")
        assert "POSTBOTE_CHANNEL_TELEGRAM_TOKEN" in states[NAME]["note"]
    await vendor.stop()
    code, printed = await call(capsys)
    assert code == 1
    assert "unreachable" in printed
    assert "Telegram does not answer" in printed


async def test_the_vendor_is_told_our_address(settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As far as it can be told by a command."""
    code, printed = await call(capsys, "connect", NAME)
    assert code == 0
    assert "https://hilfe.example.de/webhooks/telegram" in printed
