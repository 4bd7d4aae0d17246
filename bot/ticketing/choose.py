"""From the settings to the ticket system."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.clock import Clock
from bot.errors import SettingsError
from bot.mail.ports import Mailer
from bot.settings import Settings
from bot.signing import Signer
from bot.ticketing import rt, zammad
from bot.ticketing.email import EmailTickets
from bot.ticketing.http import JsonClient
from bot.ticketing.local import LocalTickets, StatesByHand
from bot.ticketing.rt import Rt, RtTickets
from bot.ticketing.webhook import WebhookTickets
from bot.ticketing.zammad import Zammad, ZammadTickets
from bot.tickets.model import State
from bot.tickets.ports import TicketSystem


def choose_ticket_system(
    settings: Settings, mailer: Mailer, states_by_hand: StatesByHand, clock: Clock
) -> TicketSystem:
    """The one that the settings name; nothing is connected yet. Raises SettingsError, which names the key."""
    zone = ZoneInfo(settings.time_zone)
    match settings.tickets:
        case "local":
            return LocalTickets(states_by_hand)
        case "rt":
            client = _client(settings, "Request Tracker", {"Authorization": f"token {_get(settings, 'tickets_token')}"})
            return RtTickets(Rt(client, _get(settings, "tickets_queue"), _states(settings, rt.STATES), zone))
        case "zammad":
            header = {"Authorization": f"Token token={_get(settings, 'tickets_token')}"}
            client = _client(settings, "Zammad", header)
            queue = _get(settings, "tickets_queue")
            return ZammadTickets(Zammad(client, queue, _states(settings, zammad.STATES), zone))
        case "webhook":
            return WebhookTickets(_client(settings, "The webhook", {}), _signer(settings), clock)
        case "email":
            return EmailTickets(mailer, _get(settings, "tickets_mail_to"), zone)


def _client(settings: Settings, name: str, headers: Mapping[str, str]) -> JsonClient:
    url = _get(settings, "tickets_url")
    if not url.startswith(("https://", "http://")):
        raise SettingsError("POSTBOTE_TICKETS_URL must begin with https:// (or http:// within your own network).")
    return JsonClient(name, url, headers, settings.tickets_timeout)


def _signer(settings: Settings) -> Signer:
    try:
        return Signer(_get(settings, "tickets_token"))
    except ValueError as error:
        raise SettingsError(f"POSTBOTE_TICKETS_TOKEN does not fit: {error}. Write whsec_ and base64.") from error


def _states(settings: Settings, usual: Mapping[str, State]) -> dict[str, State]:
    return {**usual, **{name: State(state) for name, state in settings.tickets_states.items()}}


def _get(settings: Settings, key: str) -> str:
    value: str | SecretStr = getattr(settings, key)
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not plain:
        raise SettingsError(f"POSTBOTE_{key.upper()} is missing, which POSTBOTE_TICKETS={settings.tickets} needs.")
    return plain
