"""How much happened, and how well it went; as JSON, and as CSV to take away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import hdrs, web

from bot.desk import query, show
from bot.desk.guard import agent_of
from bot.desk.routes import DeskRoutes
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.insight.days import days_between
from bot.insight.model import Count, Day, Mean, Selection, Volume
from bot.insight.sheet import ENGLISH, GERMAN, Cell, to_csv
from bot.staff.model import Role
from bot.wiring import Services

MOST = 20
"""Entries and questions in a list."""
MOST_RATINGS = 500
Row = dict[str, Any]

routes = DeskRoutes()


@dataclass(frozen=True)
class Question:
    """What figures are about."""

    services: Services
    days: Sequence[Day]
    channel: str | None

    @property
    def selection(self) -> Selection:
        """From the first day's begin to the last one's end."""
        return Selection(self.days[0].begin, self.days[-1].end, self.channel)


@routes.get("/desk/api/figures", role=Role.AGENT)
async def figures(request: web.Request) -> web.Response:
    """All of them."""
    question = _question(request)
    rows = {name: await table(question) for name, table in TABLES.items()}
    ratings = {"agents": rows.pop("agents"), "entries": rows.pop("entries")}
    return answer(rows | {"totals": await _totals(question), "ratings": ratings})


@routes.get("/desk/api/figures.csv", role=Role.AGENT)
async def figures_csv(request: web.Request) -> web.Response:
    """One table, in the style of the agent's language."""
    name = request.query.get("table", "")
    if name not in TABLES:
        raise BadRequestError(422, "invalid", f"table: one of {', '.join(TABLES)}.")
    question = _question(request)
    rows = await TABLES[name](question)
    cells = [[_cell(row[column]) for column in COLUMNS[name]] for row in rows]
    text = to_csv(COLUMNS[name], cells, ENGLISH if agent_of(request).language == "en" else GERMAN)
    file = f"{name}-{question.days[0].date}-{question.days[-1].date}.csv"
    headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{file}"'}
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


@routes.get("/desk/api/ratings", role=Role.AGENT)
async def ratings(request: web.Request) -> web.Response:
    """What customers think, the newest first."""
    services, question = request.app[SERVICES], _question(request)
    newest = await services.ratings.newest(question.selection, MOST_RATINGS)
    return answer(
        {
            "ratings": [
                {
                    "stars": one.stars,
                    "comment": one.comment,
                    "at": show.moment(one.at),
                    "conversation": one.conversation,
                    "agent": show.person(one.agent),
                    "label": one.label,
                    "title": services.dialogue.title(one.label) if one.label else None,
                }
                for one in newest
            ]
        }
    )


def _question(request: web.Request) -> Question:
    services = request.app[SERVICES]
    first, last = query.period(request, services.accounts.now().date())
    days = days_between(first, last, services.accounts.zone)
    return Question(services, days, query.text(request, "channel", 32))


async def _totals(question: Question) -> Row:
    services, selection = question.services, question.selection
    volumes = await services.figures.volumes(selection)
    conversations = sum(volume.conversations for volume in volumes)
    waits = await services.figures.waits(selection)
    return {
        "conversations": conversations,
        "messages": sum(volume.messages for volume in volumes),
        "solved_share": sum(volume.solved for volume in volumes) / conversations if conversations else None,
        "handoffs": sum(volume.handoffs for volume in volumes),
        "first_answer_seconds": {"median": waits.median, "p90": waits.p90},
        "rating": _mean(await services.ratings.of_conversations(selection)),
    }


async def _days(question: Question) -> Sequence[Row]:
    by_day = await question.services.figures.by_day(question.days, question.channel)
    return [_volume(day.date, volume) for day in question.days for volume in by_day.get(day.date, ())]


async def _reasons(question: Question) -> Sequence[Row]:
    return [_count(one, "reason") for one in await question.services.figures.reasons(question.selection)]


async def _asked(question: Question) -> Sequence[Row]:
    services = question.services
    asked = await services.figures.asked(question.selection, MOST)
    return [_count(one, "label") | {"title": services.dialogue.title(one.what)} for one in asked]


async def _declined(question: Question) -> Sequence[Row]:
    declined = await question.services.figures.declined(question.selection, MOST)
    return [_count(one, "text") for one in declined]


async def _agents(question: Question) -> Sequence[Row]:
    rated = await question.services.ratings.of_agents(question.selection)
    return [{"agent": show.person(one.agent)} | _mean(one.rating) for one in rated]


async def _entries(question: Question) -> Sequence[Row]:
    services = question.services
    rated = await services.ratings.of_entries(question.selection)
    return [{"label": one.label, "title": services.dialogue.title(one.label)} | _mean(one.rating) for one in rated]


TABLES: Mapping[str, Callable[[Question], Awaitable[Sequence[Row]]]] = {
    "days": _days,
    "reasons": _reasons,
    "asked": _asked,
    "declined": _declined,
    "agents": _agents,
    "entries": _entries,
}
COLUMNS: Mapping[str, Sequence[str]] = {
    "days": ("day", "channel", "conversations", "messages", "solved", "handoffs", "closed"),
    "reasons": ("reason", "count"),
    "asked": ("label", "title", "count"),
    "declined": ("text", "count"),
    "agents": ("agent", "count", "mean"),
    "entries": ("label", "title", "count", "mean"),
}


def _volume(day: date, volume: Volume) -> Row:
    return {
        "day": day.isoformat(),
        "channel": volume.channel,
        "conversations": volume.conversations,
        "messages": volume.messages,
        "solved": volume.solved,
        "handoffs": volume.handoffs,
        "closed": volume.closed,
    }


def _count(one: Count, name: str) -> Row:
    return {name: one.what, "count": one.count}


def _mean(rating: Mean) -> Row:
    return {"count": rating.count, "mean": rating.mean}


def _cell(value: Any) -> Cell:
    """An agent goes by name."""
    name: Cell = value["name"] if isinstance(value, dict) else value
    return name
