"""The desk's people, as the desk and the commands work with them."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.staff.accounts import StaffAccounts
from bot.staff.audit import Audit
from bot.staff.canned import CannedReplies
from bot.staff.foreign import ForeignSignIn
from bot.staff.ports import Agents
from bot.staff.sessions import Sessions
from bot.staff.sign_in import SignIn


@dataclass(frozen=True)
class Staff:
    """The parts, by name."""

    agents: Agents
    sessions: Sessions
    sign_in: SignIn
    accounts: StaffAccounts
    audit: Audit
    canned: CannedReplies
    foreign: ForeignSignIn | None
    """None: no identity provider is set."""
    clock: Clock
