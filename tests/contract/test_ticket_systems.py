"""What every ticket system must do: the real Request Tracker, Zammad and a webhook as documented, mail, our own."""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from bot.clock import now
from bot.mail.choose import choose_mailer
from bot.settings import Settings, load_settings
from bot.ticketing.choose import choose_ticket_system
from bot.tickets.errors import TicketSystemError
from bot.tickets.model import MessageRequest, Request, RestoreRequest, State, Target, Ticket
from bot.tickets.ports import TicketSystem
from tests.contract.rt import QUEUE, Rt, running_rt, why_no_rt
from tests.contract.ticket_fakes import HookApp, ZammadApp, losing_answers, served

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
REQUEST = RestoreRequest("anna@müller.example", "Entwürfe", AT, Target.SUBFOLDER, "anna@privat.example")
MESSAGE = MessageRequest("anna@privat.example", "Grüß Gott,\nmeine Rechnung kostet plötzlich $number €.\n\n.\nFrom A")
SECRET = "whsec_" + base64.b64encode(b"geheimnis-geheimnis-geheimnis-24").decode()

pytestmark = pytest.mark.slow


def ticket(number: str, request: Request = REQUEST) -> Ticket:
    """A ticket that no test has opened."""
    return Ticket(number, request, State.OPEN, None, "conversation", AT)


class Inbox(MessageHandler):
    """Keeps what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[object] = []

    def handle_message(self, message: object) -> None:
        """Called by aiosmtpd in a thread of its own."""
        self.mails.append(message)


@pytest.fixture(scope="session")
def rt() -> Iterator[Rt]:
    """Started once."""
    if reason := why_no_rt():
        pytest.skip(reason)
    with running_rt() as rt:
        yield rt


@pytest.fixture
async def zammad() -> AsyncIterator[tuple[ZammadApp, str]]:
    """Empty."""
    fake = ZammadApp()
    async with served(fake.app()) as url:
        yield fake, url


@pytest.fixture
async def hook() -> AsyncIterator[tuple[HookApp, str]]:
    """Empty."""
    fake = HookApp()
    async with served(fake.app()) as url:
        yield fake, url + "/hook"


@pytest.fixture
def smtp(unused_tcp_port: int) -> Iterator[tuple[Inbox, int]]:
    """A real SMTP server and its port."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    yield inbox, unused_tcp_port
    controller.stop()


def rt_settings(rt: Rt, **values: str) -> Settings:
    """For the queue."""
    return load_settings(
        **{"tickets": "rt", "tickets_url": rt.url, "tickets_token": rt.token, "tickets_queue": QUEUE} | values
    )


def zammad_settings(url: str, **values: str) -> Settings:
    """For the group."""
    usual = {"tickets": "zammad", "tickets_url": url, "tickets_token": ZammadApp.token, "tickets_queue": "Restores"}
    return load_settings(**usual | values)


def hook_settings(url: str) -> Settings:
    """With the secret."""
    return load_settings(tickets="webhook", tickets_url=url, tickets_token=SECRET)


def mail_settings(port: int) -> Settings:
    """Without encryption, on the loopback."""
    return load_settings(
        tickets="email",
        tickets_mail_to="technik@hoster.example",
        mailer="smtp",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_tls="none",
        mail_from="bot@hoster.example",
    )


def chosen(settings: Settings) -> TicketSystem:
    """As `make run` would have it."""
    return choose_ticket_system(settings, choose_mailer(settings, now), nothing_set, now)


async def nothing_set(numbers: Collection[str]) -> dict[str, State]:
    """Nobody has set a state by hand."""
    return {}


@pytest.fixture(params=["local", "rt", "zammad", "webhook", "email"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Of each, one after the other; a system is started when it is the turn of the first test on it."""
    match request.param:
        case "rt":
            return rt_settings(request.getfixturevalue("rt"))
        case "zammad":
            return zammad_settings(request.getfixturevalue("zammad")[1])
        case "webhook":
            return hook_settings(request.getfixturevalue("hook")[1])
        case "email":
            return mail_settings(request.getfixturevalue("smtp")[1])
    return load_settings()


@pytest.fixture
async def system(settings: Settings) -> AsyncIterator[TicketSystem]:
    """As the settings choose it."""
    system = chosen(settings)
    yield system
    await system.close()


async def test_a_ticket_is_opened_and_has_a_reference(system: TicketSystem) -> None:
    """Of either kind; and the system answers to a ping."""
    await system.ping()
    restore = await system.open(ticket("T-AAAA1111"))
    message = await system.open(ticket("T-AAAA2222", MESSAGE))
    assert restore
    assert message
    assert restore != message


async def test_what_was_never_opened_is_not_found(system: TicketSystem) -> None:
    """Not even by a number that is like another."""
    await system.open(ticket("T-BBBB1111"))
    assert await system.find("T-BBBB2222") is None


@dataclass(frozen=True)
class Searchable:
    """A system that finds tickets again."""

    settings: Settings
    url: str


@pytest.fixture(params=["rt", "zammad"])
def searchable(request: pytest.FixtureRequest) -> Searchable:
    """Each."""
    if request.param == "rt":
        rt: Rt = request.getfixturevalue("rt")
        return Searchable(rt_settings(rt), rt.url)
    url: str = request.getfixturevalue("zammad")[1]
    return Searchable(zammad_settings(url), url)


async def test_a_ticket_whose_answer_got_lost_is_found_again(searchable: Searchable) -> None:
    """The system did what it was asked, the connection broke: the next attempt learns of it."""
    async with losing_answers(searchable.url, lambda request: request.method == "POST") as url:
        behind = chosen(searchable.settings.model_copy(update={"tickets_url": url}))
        with pytest.raises(TicketSystemError) as caught:
            await behind.open(ticket("T-CCCC1111"))
        assert not caught.value.final
        reference = await behind.find("T-CCCC1111")
        assert reference
        assert await behind.states([reference]) == {reference: State.OPEN}
        await behind.close()


async def test_a_message_is_found_again(searchable: Searchable) -> None:
    """Like a restore, by its number."""
    system = chosen(searchable.settings)
    reference = await system.open(ticket("T-MMMM1111", MESSAGE))
    assert await system.find("T-MMMM1111") == reference
    assert await system.states([reference]) == {reference: State.OPEN}
    await system.close()


async def test_whoever_writes_makes_nobody_a_requestor(rt: Rt, zammad: tuple[ZammadApp, str]) -> None:
    """RT answers its requestors by itself: a message would mail its words to any address that somebody names."""
    fake, url = zammad
    requestors = {}
    for number, request in (("T-NNNN1111", REQUEST), ("T-NNNN2222", MESSAGE)):
        for settings in (rt_settings(rt), zammad_settings(url)):
            system = chosen(settings)
            reference = await system.open(ticket(number, request))
            await system.close()
        requestors[number] = (rt.requestors(number), fake.tickets[int(reference)]["customer_id"])
    assert requestors == {
        "T-NNNN1111": (["anna@privat.example"], "guess:anna@privat.example"),
        "T-NNNN2222": ([], ZammadApp.user),
    }


async def test_a_ticket_that_is_gone_does_not_hide_the_others(searchable: Searchable) -> None:
    """Somebody deleted it there; the states of all others are still told."""
    system = chosen(searchable.settings)
    first, second = await system.open(ticket("T-JJJJ1111")), await system.open(ticket("T-KKKK1111"))
    assert await system.states([first, "999999", second]) == {first: State.OPEN, second: State.OPEN}
    await system.close()


class FailingZammad(ZammadApp):
    """Shows tickets only when it is in the mood."""

    def __init__(self, moods: Iterator[bool]) -> None:
        super().__init__()
        self._moods = moods

    async def _show(self, request: web.Request) -> web.Response:
        if next(self._moods):
            return await super()._show(request)
        return web.json_response({"error": "down"}, status=503)


@pytest.mark.parametrize(("moods", "seen"), [([False, True, True], {"2", "3", "5", "6"}), ([False], None)])
async def test_states_are_told_although_some_requests_fail(moods: list[bool], seen: set[str] | None) -> None:
    """The next look brings the rest; where nothing answers, that is said."""
    async with served(FailingZammad(itertools.cycle(moods)).app()) as url:
        system = chosen(zammad_settings(url))
        references = [await system.open(ticket(f"T-LLLL{number:04}")) for number in range(6)]
        if seen is None:
            with pytest.raises(TicketSystemError, match="503"):
                await system.states(references)
        else:
            assert set(await system.states(references)) == seen
        await system.close()


async def test_wrong_credentials_are_named_and_not_final(searchable: Searchable) -> None:
    """The tickets wait until somebody has put the token right."""
    system = chosen(searchable.settings.model_copy(update={"tickets_token": replace_secret("falsch")}))
    with pytest.raises(TicketSystemError, match="token") as caught:
        await system.ping()
    assert not caught.value.final
    await system.close()


def replace_secret(value: str) -> object:
    """As pydantic keeps secrets."""
    return load_settings(tickets_token=value).tickets_token


async def test_a_wrong_queue_is_told_in_the_systems_own_words(rt: Rt, zammad: tuple[ZammadApp, str]) -> None:
    """RT calls it a matter of rights, which an administrator can mend; for Zammad no later attempt could succeed."""
    for settings, final in ((rt_settings(rt, tickets_queue="Nowhere"), False), (zammad_settings(zammad[1]), True)):
        system = chosen(settings.model_copy(update={"tickets_queue": "Nowhere"}))
        with pytest.raises(TicketSystemError, match=r"Nowhere|group") as caught:
            await system.open(ticket("T-DDDD1111"))
        assert caught.value.final is final
        await system.close()


async def test_what_does_not_answer_is_not_final(unused_tcp_port: int) -> None:
    """It may be back in a minute."""
    system = chosen(hook_settings(f"http://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(TicketSystemError, match="does not answer") as caught:
        await system.open(ticket("T-EEEE1111"))
    assert not caught.value.final
    await system.close()


async def test_zammad_is_told_in_full(zammad: tuple[ZammadApp, str]) -> None:
    """Umlauts, the folder, the point on the hoster's clocks."""
    fake, url = zammad
    system = chosen(zammad_settings(url))
    await system.open(ticket("T-FFFF1111"))
    fake.tickets[1]["state"] = "closed"
    assert await system.states(["1"]) == {"1": State.DONE}
    body = fake.tickets[1]["article"]["body"]
    assert "Entwürfe" in body
    assert "Montag, 23. November 2026, 16:00 Uhr" in body
    await system.close()


async def test_a_message_is_told_in_the_customers_words(
    zammad: tuple[ZammadApp, str], hook: tuple[HookApp, str], smtp: tuple[Inbox, int]
) -> None:
    """To the letter, whatever is in it, with the contact and the conversation in which it was left."""
    for settings in (zammad_settings(zammad[1]), hook_settings(hook[1]), mail_settings(smtp[1])):
        system = chosen(settings)
        await system.open(ticket("T-OOOO1111", MESSAGE))
        await system.close()
    mail = smtp[0].mails[0].get_payload(decode=True).decode().replace("\r\n", "\n")
    for body in (zammad[0].tickets[1]["article"]["body"], mail):
        assert MESSAGE.text in body
        assert "Kontakt:    anna@privat.example" in body
        assert "Gespräch:   conversation" in body
    assert json.loads(hook[0].received[0][1]) == {
        "type": "ticket.opened",
        "data": {
            "number": "T-OOOO1111",
            "kind": "message",
            "text": MESSAGE.text,
            "contact": "anna@privat.example",
            "conversation": "conversation",
            "opened_at": "2026-11-23T15:00:00+00:00",
        },
    }


async def test_the_webhook_is_signed_and_repeats_its_id(hook: tuple[HookApp, str]) -> None:
    """Whoever has the secret can check it; the second attempt is the same ticket."""
    fake, url = hook
    system = chosen(hook_settings(url))
    first = await system.open(ticket("T-GGGG1111"))
    assert await system.open(ticket("T-GGGG1111")) == first == "H-1"
    headers, body = fake.received[0]
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["data"]["folder"] == "Entwürfe"
    await system.close()


async def test_a_mail_repeats_its_message_id(smtp: tuple[Inbox, int]) -> None:
    """So that mail systems take the second attempt for the first; umlauts arrive."""
    inbox, port = smtp
    system = chosen(mail_settings(port))
    await system.open(ticket("T-HHHH1111"))
    await system.open(ticket("T-HHHH1111"))
    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"] == "<T-HHHH1111@hoster.example>"
    assert "Entwürfe" in first.get_payload(decode=True).decode()
