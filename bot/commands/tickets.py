"""Tickets: list them, set the state of one (without a ticket system), send dead letters again."""

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import datetime
from textwrap import shorten
from typing import Any

from babel.dates import format_datetime

from bot.clock import now
from bot.conversations.model import Status
from bot.errors import PostboteError
from bot.settings import Settings, load_settings
from bot.store.choose import open_database
from bot.store.conversations import SqlConversations
from bot.store.tickets import SqlTickets
from bot.tickets.model import MessageRequest, Request, RestoreRequest, State, Ticket

LONGEST_EXCERPT = 60

Listed = tuple[Ticket, Status, str | None]


class UnknownTicketError(PostboteError):
    """There is no ticket of that number, or none in that condition."""

    code = "unknown_ticket"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list`, `set` and `replay`, each with its own."""
    actions = parser.add_subparsers(required=True, metavar="list | set | replay", dest="action")
    shown = actions.add_parser("list", help="newest first")
    shown.add_argument("--dead", action="store_true", help="only those that could not be brought to the ticket system")
    shown.add_argument("--json", action="store_true", help="for programs")
    change = actions.add_parser("set", help="set a state; the customer is told within seconds (only without a system)")
    change.add_argument("number", help="such as T-JNNHWB2M")
    change.add_argument("state", choices=[state.value for state in State])
    again = actions.add_parser("replay", help="try dead letters again")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("number", nargs="?", help="one ticket")
    which.add_argument("--all", action="store_true", help="all dead letters")


def run(args: argparse.Namespace) -> int:
    """Do what was asked for. Raises UnknownTicketError."""
    return asyncio.run(_run(args, load_settings()))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    database = open_database(settings.database_url)
    try:
        await database.migrate()
        tickets = SqlTickets(database, SqlConversations(database, now), now)
        match args.action:
            case "list":
                await _list(tickets, args)
            case "set":
                await _set(tickets, settings, args)
            case "replay":
                await _replay(tickets, args)
    finally:
        await database.close()
    return 0


async def _list(tickets: SqlTickets, args: argparse.Namespace) -> None:
    listed = [each for each in await tickets.everything() if not args.dead or each[1] is Status.DEAD]
    if args.json:
        print(json.dumps([_as_json(each) for each in listed], ensure_ascii=False, indent=2, default=datetime.isoformat))
        return
    for ticket, status, error in listed:
        opened = format_datetime(ticket.opened_at, "yyyy-MM-dd HH:mm")
        reference = ticket.reference or "-"
        print(f"{ticket.number}  {opened}  {ticket.state:8} {status:7} {reference:10} {_about(ticket.request)}")
        if error:
            print(f"            {error}")
    if not listed:
        print("No tickets." if not args.dead else "No dead letters.")


async def _set(tickets: SqlTickets, settings: Settings, args: argparse.Namespace) -> None:
    if settings.tickets != "local":
        raise PostboteError(f"States come from the ticket system (POSTBOTE_TICKETS={settings.tickets}); set it there.")
    if not await tickets.set_by_hand(args.number, State(args.state)):
        raise UnknownTicketError(f"There is no ticket {args.number}. See: python -m bot tickets list")
    print(f"{args.number} is {args.state}. A running server tells the customer within seconds.")


async def _replay(tickets: SqlTickets, args: argparse.Namespace) -> None:
    numbers = [due.ticket.number for due in await tickets.dead()] if args.all else [args.number]
    for number in numbers:
        if not await tickets.replay(number):
            raise UnknownTicketError(f"{number} is no dead letter. See: python -m bot tickets list --dead")
        print(f"{number} is tried again.")


def _as_json(listed: Listed) -> dict[str, Any]:
    ticket, status, error = listed
    return {
        "number": ticket.number,
        "kind": ticket.request.kind,
        **asdict(ticket.request),
        "conversation": ticket.conversation,
        "state": ticket.state,
        "reference": ticket.reference,
        "opened_at": ticket.opened_at,
        "delivery": status,
        "last_error": error,
    }


def _about(request: Request) -> str:
    """For people: the mailbox, or how the message begins."""
    match request:
        case RestoreRequest(mailbox=mailbox):
            return mailbox
        case MessageRequest(contact=contact, text=text):
            return f"{contact}: {shorten(text, LONGEST_EXCERPT, placeholder=' …')}"
