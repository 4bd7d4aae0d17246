"""
Microsoft Teams, by the Bot Connector of Azure Bot Service.

Calls: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
Errors: https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr

from bot.channels.api import Api, RefusedError
from bot.channels.errors import ChannelError, ForgedError
from bot.channels.options import Options, load_options, plain
from bot.channels.parts import Form
from bot.channels.payload import fit, read, read_json
from bot.channels.port import Answer, Call, Channel, Event, Kind, Part, Tools
from bot.channels.styles import TEAMS
from bot.channels.teams_activity import MOST_BUTTONS, NAME, Activity, read_activity
from bot.channels.teams_tokens import Calls, Keys, Pass
from bot.conversations.errors import DeliveryError
from bot.conversations.files import File
from bot.conversations.model import Choice, Incoming

CHANNEL = "msteams"
"""Teams as the Bot Connector calls it."""
LONGEST = 10_000
"""Characters; Teams takes about 100 KB: https://learn.microsoft.com/microsoftteams/limits-specifications-teams"""
ORIGINS = (
    "https://smba.trafficmanager.net",
    "https://smba.infra.gcc.teams.microsoft.com",
    "https://smba.infra.gov.teams.microsoft.us",
    "https://smba.infra.dod.teams.microsoft.us",
)
FILES = (".sharepoint.com", ".sharepoint.us", ".sharepoint.cn", ".sharepoint.de", ".sharepoint-mil.us")
"""Where customers' files are, under addresses that are valid for some minutes without a token."""
GONE = frozenset(
    {
        "ConversationBlockedByUser", "BotNotInConversationRoster", "MessageWritesBlocked", "ConversationNotFound",
        "ForbiddenOperationException", "BotDisabledByAdmin",
    }
)  # fmt: skip
"""After these nothing is to be sent until the customer writes again, says Microsoft."""
BREAK = re.compile(r"(?<!\n)\n(?!\n)")


class TeamsOptions(Options):
    """POSTBOTE_CHANNEL_TEAMS_…"""

    app_id: str = Field(min_length=1, description="Microsoft App ID of the Azure Bot.")
    app_password: SecretStr = Field(description="Its client secret.")
    tenant: str = Field(
        "botframework.com", description="Its Entra tenant, for a single-tenant bot; else botframework.com."
    )
    login_url: str = Field("https://login.microsoftonline.com", description="Where our token is fetched.")
    scope: str = Field("https://api.botframework.com/.default", description="What our token is for.")
    metadata_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where Microsoft publishes the keys that it signs its calls with.",
    )
    issuer: str = Field("https://api.botframework.com", description="Who issues the tokens of its calls.")
    service_origins: tuple[str, ...] = Field(
        ORIGINS, description="Microsoft's servers that our token may be shown to, as JSON; others are refused."
    )


class Teams(Channel):
    """The port for one app."""

    name = NAME
    form = Form(TEAMS, LONGEST, MOST_BUTTONS)

    def __init__(self, options: TeamsOptions, tools: Tools) -> None:
        self._app_id = options.app_id
        self._origins = frozenset(map(_origin, options.service_origins))
        self._notes = tools.notes
        self._api = Api("Microsoft", options.login_url, tools.timeout, tools.clock)
        self._keys = Keys(self._api, options.metadata_url, tools.clock)
        self._calls = Calls(self._keys, options.app_id, options.issuer, tools.clock)
        form = {
            "grant_type": "client_credentials",
            "client_id": options.app_id,
            "client_secret": plain(options.app_password),
            "scope": options.scope,
        }
        self._pass = Pass(self._api, f"/{quote(options.tenant, safe='')}/oauth2/v2.0/token", form, tools.clock)

    async def check(self, call: Call) -> None:
        """The token is Microsoft's, for this app, this channel and this server."""
        claim = await self._calls.check(call.headers.get("Authorization", ""))
        activity = read(call.body, Activity)
        if activity.channel != CHANNEL or CHANNEL not in claim.endorsements:
            raise ForgedError(f"The token's key may not speak for {CHANNEL}, or the call is of another channel.")
        if not claim.service_url or claim.service_url != activity.service_url:
            raise ForgedError("The token is for another `serviceUrl` than the call.")
        if _origin(activity.service_url) not in self._origins:
            raise ForgedError(f"The call comes from {self._explain_origin(activity.service_url)}")

    def parse(self, call: Call) -> Sequence[Event]:
        """One activity a call."""
        return read_activity(read_json(call.body))

    def reply(self, call: Call) -> Answer:
        """An invoke wants JSON."""
        activity = fit(read_json(call.body), Activity)
        return Answer("{}", content_type="application/json") if activity.type == "invoke" else Answer()

    async def post(self, address: str, part: Part) -> None:
        """Where the customer wrote; in a channel that is the thread."""
        body: dict[str, Any] = {"type": "message", "textFormat": "markdown", "text": BREAK.sub("  \n", part.text)}
        if part.buttons:
            body["attachments"] = [_card(address, part.buttons)]
        await self._send(address, body)

    async def remember(self, incoming: Incoming) -> None:
        """At which server the conversation is now."""
        place = dict(incoming.metadata)
        if await self._notes.find(NAME, incoming.address) != place:
            await self._notes.keep(NAME, incoming.address, place)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Three dots, until the answer is there."""
        await self._send(incoming.address, {"type": "typing"})

    async def fetch(self, file: File, most: int) -> bytes:
        """Images are at the service, and want our token; files are at SharePoint, and must not get it."""
        origin = _origin(file.reference)
        if origin in self._origins:
            return await self._api.fetch(file.reference, most, headers=await self._pass.header())
        if origin.startswith("https://") and origin.endswith(FILES):
            return await self._api.fetch(file.reference, most)
        raise DeliveryError(f"Teams gave no address of Microsoft's for {file.name!r}.", final=True)

    async def ping(self) -> str:
        """Whether the credentials are accepted, and the keys can be had."""
        try:
            await self._pass.header()
        except DeliveryError as error:
            raise ChannelError(f"Microsoft does not know us: {error}") from error
        await self._keys.get_all()
        return f"app {self._app_id}"

    async def set_webhook(self, url: str) -> str:
        """Only the Azure Bot's configuration can be told."""
        return f"Enter {url} as Messaging endpoint under Configuration of the Azure Bot at https://portal.azure.com."

    async def close(self) -> None:
        """See the port."""
        await self._api.close()

    async def _send(self, address: str, activity: Mapping[str, Any]) -> None:
        place = await self._notes.find(NAME, address)
        if place is None:
            raise DeliveryError(f"Teams never said at which server {address} is.", final=True)
        # Our token is shown to Microsoft alone; the setting may have become narrower since.
        if _origin(place["service_url"]) not in self._origins:
            raise DeliveryError(f"The conversation is at {self._explain_origin(place['service_url'])}")
        url = f"{place['service_url'].rstrip('/')}/v3/conversations/{quote(place['conversation'], safe='')}/activities"
        try:
            await self._api.post(url, activity, headers=await self._pass.header())
        except RefusedError as error:
            self._explain(error)
            raise

    @staticmethod
    def _explain_origin(url: str) -> str:
        return (
            f"{_origin(url) or 'nowhere'}, which is none of Microsoft's servers that are known here. If it is one, add "
            "it to POSTBOTE_CHANNEL_TEAMS_SERVICE_ORIGINS."
        )

    def _explain(self, error: RefusedError) -> None:
        if error.status == 401:
            self._pass.forget()
        elif error.status == 412:
            # Another message was written to the conversation at the same moment.
            error.final = False
        elif _codes(error.body) & GONE:
            error.mark_gone()


def _origin(url: str) -> str:
    """Scheme, host and port; empty where the address is none."""
    try:
        place = urlsplit(url)
    except ValueError:
        return ""
    return f"{place.scheme}://{place.netloc}".lower()


def _codes(body: Any) -> set[str]:
    """Code and sub-code of `{"error": {"code": …, "message": …}}`."""
    error = body.get("error") if isinstance(body, dict) else None
    return {each for each in error.values() if isinstance(each, str)} if isinstance(error, dict) else set()


def _card(address: str, choices: Sequence[Choice]) -> dict[str, Any]:
    """https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-actions#messageback"""
    buttons = [
        {
            "type": "messageBack",
            "title": choice.title,
            "displayText": choice.title,
            "text": choice.title,
            "value": {"choice": choice.id, "address": address},
        }
        for choice in choices
    ]
    return {"contentType": "application/vnd.microsoft.card.hero", "content": {"buttons": buttons}}


KIND = Kind(lambda tools: Teams(load_options(TeamsOptions, NAME), tools), TeamsOptions)
