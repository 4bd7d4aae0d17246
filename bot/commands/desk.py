"""Accounts of the desk: add the first admin, list, set a new password, unlink from OpenID Connect, deactivate."""

import argparse
import asyncio
import getpass
import importlib
import json
import sys

from bot.errors import PostboteError
from bot.settings import Settings, load_settings
from bot.staff.errors import UnknownAgentError
from bot.staff.logins import spell
from bot.staff.model import DEFAULT_SEATS, Agent, NewAgent, Role
from bot.staff.passwords import make_password
from bot.staff.service import Staff
from bot.staffing import build_staff
from bot.store.choose import open_database

SOURCE = "command line"


class NoPasswordError(PostboteError):
    """None was typed, or not the same twice."""

    code = "no_password"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One command for each act, with its own arguments. A password is never one: others could see it."""
    actions = parser.add_subparsers(required=True, metavar="COMMAND", dest="act")
    new = actions.add_parser("add-agent", help="add an account; asks for a password, or makes one without a terminal")
    new.add_argument("login", help="an e-mail address")
    new.add_argument("--name", required=True, help='as customers see it, such as "Frau Berger"')
    new.add_argument("--admin", action="store_true", help="may administer accounts, too")
    new.add_argument("--group", action="append", default=[], help="a group that conversations wait for; repeatable")
    new.add_argument("--seats", type=int, default=DEFAULT_SEATS, help="conversations at once (default: %(default)s)")
    new.add_argument("--no-password", action="store_true", help="signs in by OpenID Connect only")
    actions.add_parser("serve", help="serve the desk's pages as a process of its own, beside gateways and workers")
    shown = actions.add_parser("list", help="all accounts, by name")
    shown.add_argument("--json", action="store_true", help="for programs")
    again = actions.add_parser("reset-password", help="set a new password, unlock the login, sign out everywhere")
    again.add_argument("login")
    apart = actions.add_parser("unlink", help="forget who it is at the OpenID Connect provider, to be linked anew")
    apart.add_argument("login")
    gone = actions.add_parser("deactivate", help="sign out everywhere, for good")
    gone.add_argument("login")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for. Raises PostboteError."""
    if args.act == "serve":
        # Imported by name, so that the other acts do not wait for Rasa's import.
        code: int = importlib.import_module("bot.commands.desk_pages").run(args)
        return code
    return asyncio.run(_run(args, load_settings()))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        staff = build_staff(settings, database)
        match args.act:
            case "add-agent":
                await _add(staff, settings, args)
            case "list":
                await _list(staff, as_json=args.json)
            case "reset-password":
                await _reset(staff, args.login)
            case "unlink":
                await _unlink(staff, args.login)
            case "deactivate":
                await _deactivate(staff, args.login)
    finally:
        await database.close()
    return 0


async def _add(staff: Staff, settings: Settings, args: argparse.Namespace) -> None:
    role = Role.ADMIN if args.admin else Role.AGENT
    new = NewAgent(args.login, args.name, role, tuple(args.group), args.seats, settings.desk_language)
    password, is_made = (None, False) if args.no_password else _ask_password()
    agent = await staff.accounts.add(new, password)
    await staff.audit.record(None, "add_agent", subject=agent.login, source=SOURCE)
    print(f"Added {agent.name} ({agent.login}, {agent.role}).")
    if is_made:
        print(f"Password: {password}")


async def _list(staff: Staff, *, as_json: bool) -> None:
    everyone = await staff.agents.everyone()
    if as_json:
        print(json.dumps([_as_json(agent) for agent in everyone], ensure_ascii=False, indent=2))
        return
    for agent in everyone:
        state = "" if agent.active else "  deactivated"
        print(f"{agent.login:32} {agent.role:6} {agent.name}  {', '.join(agent.groups)}{state}".rstrip())
    if not everyone:
        print("No accounts. Add the first: python -m bot desk add-agent you@example.de --name 'Your Name' --admin")


async def _reset(staff: Staff, login: str) -> None:
    agent = await _get(staff, login)
    password, is_made = _ask_password()
    await staff.accounts.change(agent.id, password=password)
    await staff.audit.record(None, "change_agent", subject=f"{agent.login}: password", source=SOURCE)
    print(f"{agent.login} has a new password and is signed out everywhere.")
    if is_made:
        print(f"Password: {password}")


async def _unlink(staff: Staff, login: str) -> None:
    agent = await _get(staff, login)
    await staff.agents.change(agent.id, subject=None)
    await staff.sessions.end_all(agent.id)
    await staff.audit.record(None, "change_agent", subject=f"{agent.login}: subject", source=SOURCE)
    print(f"{agent.login} is linked again at the next sign-in, by e-mail address.")


async def _deactivate(staff: Staff, login: str) -> None:
    agent = await _get(staff, login)
    await staff.accounts.change(agent.id, active=False)
    await staff.audit.record(None, "change_agent", subject=f"{agent.login}: active", source=SOURCE)
    print(f"{agent.login} is deactivated and signed out everywhere.")


async def _get(staff: Staff, login: str) -> Agent:
    agent = await staff.agents.find(spell(login))
    if agent is None:
        raise UnknownAgentError(f"There is no account {login}. See: python -m bot desk list")
    return agent


def _ask_password() -> tuple[str, bool]:
    """Typed twice; or made, to be printed this once, where nobody can type."""
    if not sys.stdin.isatty():
        return make_password(), True
    try:
        password = getpass.getpass("Password: ")
        again = getpass.getpass("Once more: ")
    except EOFError:
        raise NoPasswordError("No password was typed. Nothing was changed.") from None
    if again != password:
        raise NoPasswordError("The two passwords differ. Nothing was changed; try again.")
    return password, False


def _as_json(agent: Agent) -> dict[str, object]:
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "groups": list(agent.groups),
        "seats": agent.seats,
        "active": agent.active,
        "seen_at": agent.seen_at.isoformat() if agent.seen_at else None,
    }
