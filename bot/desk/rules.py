"""How much may be done at the desk, see bot.gateway.rules."""

from bot.gateway.rules import Per, Rule, always
from bot.staff.model import LOCK

SIGN_INS = Rule(
    "sign-ins",
    Per.ADDRESS,
    lambda settings: settings.desk_wrong_passwords,
    "{amount} wrong passwords came from this address within a quarter of an hour.",
    int(LOCK.total_seconds()),
    is_shared=True,
    is_strict=True,
)
FOREIGN_SIGN_INS = Rule(
    "foreign-sign-ins",
    Per.ADDRESS,
    always(30),
    "{amount} sign-ins came from this address within a minute.",
    is_shared=True,
    is_strict=True,
)
"""Each makes us ask the provider."""
ACTS = Rule("acts", Per.AGENT, always(1200), "You have sent {amount} requests within a minute.")
"""Of one account, in all its browsers; a page that is used with zeal sends a tenth."""
SIGNS = Rule(
    "signs", Per.CONNECTION, always(600), "This connection has sent {amount} frames within a minute, and is ended."
)
