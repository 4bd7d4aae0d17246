"""The test of each channel, by its name: what the matrix drives."""

from collections.abc import Mapping

from tests.channels.callback import test_callback
from tests.channels.chatwoot import test_chatwoot
from tests.channels.contract import ChannelContract
from tests.channels.echo import test_echo
from tests.channels.email import test_email
from tests.channels.instagram import test_instagram
from tests.channels.matrix import test_matrix
from tests.channels.messenger import test_messenger
from tests.channels.rocketchat import test_rocketchat
from tests.channels.slack import test_slack
from tests.channels.teams import test_teams
from tests.channels.telegram import test_telegram
from tests.channels.whatsapp import test_whatsapp

CONTRACTS: Mapping[str, type[ChannelContract]] = {
    "callback": test_callback.TestCallback,
    "chatwoot": test_chatwoot.TestChatwoot,
    "echo": test_echo.TestEcho,
    "email": test_email.TestEmail,
    "instagram": test_instagram.TestInstagram,
    "matrix": test_matrix.TestMatrix,
    "messenger": test_messenger.TestMessenger,
    "rocketchat": test_rocketchat.TestRocketChat,
    "slack": test_slack.TestSlack,
    "teams": test_teams.TestTeams,
    "telegram": test_telegram.TestByWebhook,
    "whatsapp": test_whatsapp.TestWhatsApp,
}
