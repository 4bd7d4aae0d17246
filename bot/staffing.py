"""Build the desk's people from their parts."""

from datetime import timedelta
from pathlib import Path

from bot.clock import Clock, now
from bot.identity.secrets import derive, load_secret
from bot.oidc.choose import choose_identity_provider
from bot.settings import Settings
from bot.staff.accounts import StaffAccounts
from bot.staff.foreign import Admission, ForeignSignIn, Seal
from bot.staff.passwords import Passwords
from bot.staff.service import Staff
from bot.staff.sessions import Sessions
from bot.staff.sign_in import SignIn
from bot.store.audit import SqlAudit
from bot.store.canned import SqlCannedReplies
from bot.store.database import Database
from bot.store.sessions import SqlSessions, SqlTries
from bot.store.staff import SqlAgents


def build_staff(
    settings: Settings, database: Database, clock: Clock = now, passwords: Passwords | None = None
) -> Staff:
    """Nothing is opened yet; raises SettingsError when a setting does not fit."""
    agents, passwords = SqlAgents(database, clock), passwords or Passwords()
    lifetime, idle = timedelta(hours=settings.desk_session_hours), timedelta(minutes=settings.desk_idle_minutes)
    sessions = Sessions(SqlSessions(database, clock), lifetime, idle, clock)
    sign_in = SignIn(agents, SqlTries(database, clock), passwords, sessions)
    accounts = StaffAccounts(agents, passwords, sessions, sign_in)
    return Staff(
        agents=agents,
        sessions=sessions,
        sign_in=sign_in,
        accounts=accounts,
        audit=SqlAudit(database, clock),
        canned=SqlCannedReplies(database, clock),
        foreign=_foreign(settings, database.folder, agents, accounts, clock),
        clock=clock,
    )


def _foreign(
    settings: Settings, folder: Path | None, agents: SqlAgents, accounts: StaffAccounts, clock: Clock
) -> ForeignSignIn | None:
    provider = choose_identity_provider(settings, clock)
    if provider is None:
        return None
    seal = Seal(derive(load_secret(settings, folder), "sign-in attempts"), clock)
    admission = Admission(settings.desk_oidc_agents, settings.desk_oidc_admins, settings.desk_language)
    return ForeignSignIn(provider, agents, accounts, admission, seal)
