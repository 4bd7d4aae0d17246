"""Matrix on a real homeserver, with a customer who uses it as any client does."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.channels.errors import ChannelError
from bot.channels.matrix import KIND
from bot.channels.port import Event, Part, Said
from bot.conversations.errors import DeliveryError
from tests.channels.matrix.customer import V3, Customer
from tests.channels.matrix.synapse import DOMAIN, Synapse, running_synapse, why_no_synapse
from tests.channels.road import Road, configure

pytestmark = pytest.mark.slow
names = count()


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    """One for all."""
    if reason := why_no_synapse():
        pytest.skip(reason)
    with running_synapse() as synapse:
        yield synapse


class Bot:
    """Postbote's process, with the channel that listens; ends and starts again on the same database."""

    def __init__(self, folder: Path, user: str) -> None:
        self.user = user
        self.taken: list[Event] = []
        self._folder = folder
        self._happened = asyncio.Condition()

    async def start(self) -> None:
        """And listen."""
        nobody: Any = None
        self.road = Road("matrix", KIND, nobody, self._folder, channels_timeout=30)
        await self.road.__aenter__()
        self._listening = asyncio.create_task(self.road.channel.listen(self._take))

    async def stop(self) -> None:
        """Wherever it is."""
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self.road.settle()
        await self.road.__aexit__()

    async def hear(self, most: int) -> None:
        """Until so many events were stored; then answer them."""
        async with asyncio.timeout(60), self._happened:
            await self._happened.wait_for(lambda: self._listening.done() or len(self.taken) >= most)
        if self._listening.done():
            self._listening.result()
        await self.road.deliver()

    async def _take(self, events: Sequence[Event]) -> None:
        await self.road.services.inbound.take(self.road.channel, events)
        async with self._happened:
            self.taken += events
            self._happened.notify_all()


@pytest.fixture
async def bot(synapse: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A new account's, listening since before anything was said."""
    name = f"postbote{next(names)}"
    configure(monkeypatch, "matrix", {"homeserver": synapse.url, "access_token": synapse.register(name)})
    bot = Bot(tmp_path, f"@{name}:{DOMAIN}")
    await bot.start()
    yield bot
    await bot.stop()


@pytest.fixture
async def anna(synapse: Synapse) -> AsyncIterator[Customer]:
    """A customer."""
    name = f"anna{next(names)}"
    async with Customer(synapse.url, synapse.register(name), f"@{name}:{DOMAIN}") as anna:
        yield anna


@pytest.fixture
async def bert(synapse: Synapse) -> AsyncIterator[Customer]:
    """A colleague of hers."""
    name = f"bert{next(names)}"
    async with Customer(synapse.url, synapse.register(name), f"@{name}:{DOMAIN}") as bert:
        yield bert


async def bodies(customer: Customer, room: str, most: int, bot: Bot) -> list[str]:
    """What the bot said, as text."""
    return [each["body"] for each in await customer.hear(room, most, bot.user)]


async def test_the_full_road(bot: Bot, anna: Customer) -> None:
    """Invited and asked before it has joined; then an edit, and a choice by its number."""
    room = await anna.open(bot.user)
    first = await anna.say(room, "**hallo** zusammen")
    await bot.hear(1)
    [answer] = await anna.hear(room, 1, bot.user)
    assert (answer["body"], answer["formatted_body"]) == (
        "1: hallo zusammen",
        "<p>1: <strong>hallo</strong> zusammen</p>",
    )
    await anna.edit(room, first, "hallo du")
    await bot.hear(2)
    await anna.send(room, {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}}, "m.reaction")
    await anna.ask("PUT", f"{V3}/rooms/{room}/redact/{first}/r", {})
    await anna.send(room, {"msgtype": "m.notice", "body": "Bin gerade nicht da."})
    await anna.say(room, "knöpfe")
    await bot.hear(3)
    await anna.say(room, "2")
    await bot.hear(4)
    assert await bodies(anna, room, 4, bot) == [
        "1: hallo zusammen",
        "2: hallo du",
        "3: Welcher?\n\n1. Ja\n2. Nein",
        "4: /deny",
    ]


async def test_nothing_is_missed_or_answered_twice_over_restarts(bot: Bot, anna: Customer) -> None:
    """Also when more is said meanwhile than the homeserver tells at once."""
    room = await anna.open(bot.user)
    await anna.say(room, "nummer 0")
    await bot.hear(1)
    await bot.stop()
    for number in range(1, 120):
        await anna.say(room, f"nummer {number}")
    await bot.start()
    await bot.hear(120)
    await bot.stop()
    await bot.start()
    await anna.say(room, "nummer 120")
    await bot.hear(121)
    assert await bodies(anna, room, 121, bot) == [f"{number + 1}: nummer {number}" for number in range(121)]
    assert len(bot.taken) == 121


async def test_history_is_not_answered(bot: Bot, anna: Customer, bert: Customer) -> None:
    """What was said in a room before the bot was invited, even to it."""
    room = await anna.open(bert.user)
    await bert.ask("POST", f"{V3}/rooms/{room}/join", {})
    mention = {"m.mentions": {"user_ids": [bot.user]}}
    await anna.say(room, f"{bot.user}: alt", **mention)
    await anna.ask("POST", f"{V3}/rooms/{room}/invite", {"user_id": bot.user})
    await anna.say(room, f"{bot.user}: neu", **mention)
    await bot.hear(1)
    assert await bodies(anna, room, 1, bot) == ["1: neu"]


async def test_a_room_of_many(bot: Bot, anna: Customer, bert: Customer) -> None:
    """Only who mentions the bot is answered, in a thread, which goes on after a restart."""
    room = await anna.open(bert.user, bot.user)
    await bert.ask("POST", f"{V3}/rooms/{room}/join", {})
    await bert.say(room, "Kommst du mit zum Essen?")
    root = await anna.say(room, f"{bot.user}: wie geht IMAP?", **{"m.mentions": {"user_ids": [bot.user]}})
    await bot.hear(1)
    [answer] = await anna.hear(room, 1, bot.user)
    assert (answer["body"], answer["m.relates_to"]["event_id"]) == ("1: wie geht IMAP?", root)
    await bot.stop()
    await bot.start()
    await bert.say(room, "Und jetzt?")
    await bert.say(room, "Und der Port?", **{"m.relates_to": {"rel_type": "m.thread", "event_id": root}})
    await bot.hear(2)
    assert await bodies(anna, room, 2, bot) == ["1: wie geht IMAP?", "2: Und der Port?"]
    assert [event.incoming.address for event in bot.taken if isinstance(event, Said)] == [f"{room} {root}"] * 2


async def test_an_encrypted_room(bot: Bot, anna: Customer) -> None:
    """Refused once, also after a restart, by what no other bot answers."""
    room = await anna.open(bot.user, encrypted=True)
    [refusal] = await anna.hear(room, 1, bot.user)
    assert refusal["msgtype"] == "m.notice"
    await bot.stop()
    await bot.start()
    secret = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEnAC", "session_id": "x", "sender_key": "y"}
    await anna.send(room, secret, "m.room.encrypted")
    plain = await anna.open(bot.user)
    await anna.say(plain, "hallo")
    await bot.hear(1)
    assert await bodies(anna, plain, 1, bot) == ["1: hallo"]
    assert len(await anna.look(room, bot.user)) == 1


async def test_a_rate_limit(synapse: Synapse, bot: Bot, anna: Customer) -> None:
    """The homeserver's wish goes to the outbox, and nothing is lost."""
    room = await anna.open(bot.user)
    await anna.say(room, "hallo")
    await bot.hear(1)
    override = f"/_synapse/admin/v1/users/{bot.user}/override_ratelimit"
    synapse.ask("POST", override, {"messages_per_second": 1, "burst_count": 1})
    for _ in range(5):
        await anna.say(room, "zwei")
    await bot.hear(6)
    refused = [error for status, _, error in await bot.road.outbox() if status == "queued" and error]
    assert refused
    assert "M_LIMIT_EXCEEDED" in refused[0]
    synapse.ask("DELETE", override)
    await bot.road.later(3600)
    answers = [text for number in range(2, 7) for text in (f"{number}: zwei", "und noch etwas")]
    assert await bodies(anna, room, 11, bot) == ["1: hallo", *answers]


async def test_a_file(bot: Bot, anna: Customer) -> None:
    """Its content comes from the authenticated media."""
    room = await anna.open(bot.user)
    address = await anna.upload(b"\x89PNG")
    info = {"mimetype": "image/png", "size": 4}
    await anna.send(room, {"msgtype": "m.image", "body": "bild.png", "url": address, "info": info})
    await bot.hear(1)
    [event] = bot.taken
    assert isinstance(event, Said)
    assert await bot.road.channel.fetch(event.files[0], 4) == b"\x89PNG"
    with pytest.raises(DeliveryError, match="more than 3 bytes"):
        await bot.road.channel.fetch(event.files[0], 3)


async def test_who_leaves_is_gone(bot: Bot, anna: Customer) -> None:
    """And so is who removes the bot; nothing is tried again."""
    rooms = [await anna.open(bot.user) for _ in range(2)]
    for room in rooms:
        await anna.say(room, "hallo")
    await bot.hear(2)
    kick = {"user_id": bot.user}
    await anna.ask("POST", f"{V3}/rooms/{rooms[0]}/kick", kick)
    await bot.hear(3)
    await anna.ask("POST", f"{V3}/rooms/{rooms[1]}/leave", {})
    await bot.hear(4)
    for room in rooms:
        assert await bot.road.unreachable(room)
        with pytest.raises(DeliveryError) as raised:
            await bot.road.channel.post(room, Part("Hören Sie mich?", (), 1, 1, "another"))
        assert (raised.value.gone, raised.value.final) == (True, True)


async def test_the_same_message_is_taken_once(bot: Bot, anna: Customer) -> None:
    """By its key, also by another connection."""
    room = await anna.open(bot.user)
    await anna.say(room, "hallo")
    await bot.hear(1)
    await bot.stop()
    await bot.start()
    [message] = [each for each in await bot.road.transcript(room) if each.text == "1: hallo"]
    await bot.road.channel.send(room, message)
    assert len(await anna.look(room, bot.user)) == 1


async def test_a_token_that_the_homeserver_does_not_know(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told with its key."""
    assert await bot.road.channel.ping() == bot.user
    configure(monkeypatch, "matrix", {"access_token": "syt_wrong"})
    channel = KIND.make(bot.road.channel_tools())
    with pytest.raises(ChannelError, match="POSTBOTE_CHANNEL_MATRIX_ACCESS_TOKEN"):
        await channel.ping()
    await channel.close()
