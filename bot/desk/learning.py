"""
The inbox of questions that the bot did not answer well, and what becomes of them.

All agents see it, look at changes and propose some; what changes what customers are told needs an admin.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.desk.accounts import number_of
from bot.desk.acts import record
from bot.desk.changes import Changes
from bot.desk.guard import agent_of
from bot.desk.routes import DeskRoutes
from bot.faq.learning.model import Group, Job, Proposal, Question
from bot.faq.learning.service import Present
from bot.gateway import body
from bot.gateway.errors import BadRequestError, answer
from bot.gateway.keys import SERVICES
from bot.staff.model import Role
from bot.wiring import Services

MOST_SUGGESTIONS = 3
SHOWN_FOR = timedelta(hours=1)
"""How long the inbox tells how a publication ended."""

routes = DeskRoutes()


@routes.get("/desk/api/learning", role=Role.AGENT)
async def inbox(request: web.Request) -> web.Response:
    """Questions, the entries that they may become phrasings of, the model in use."""
    services = request.app[SERVICES]
    groups = await services.learning.inbox()
    faq = await services.learning.faq()
    await record(request, "read_learning")
    return answer(
        {
            # Asking the model for hundreds of questions takes longer than other requests may wait.
            "groups": await asyncio.to_thread(_render_groups, services, groups),
            "topics": [{"name": topic.name, "title": topic.title} for topic in faq.topics],
            "entries": [{"label": f"faq/{entry.slug}", "title": entry.question.text} for entry in faq.entries],
            "proposals": [_render_proposal(each) for each in await services.proposals.all()],
            "model": _render_model(await services.learning.present()),
            "job": await _recent_job(services),
        }
    )


@routes.post("/desk/api/learning/preview", role=Role.AGENT)
async def preview(request: web.Request) -> web.Response:
    """What would be written, and what speaks against it."""
    changes = await body.read(request, Changes)
    seen = await request.app[SERVICES].learning.preview(changes.all())
    return answer({"diff": seen.diff, "findings": list(map(str, seen.findings))})


@routes.post("/desk/api/learning/propose", role=Role.AGENT)
async def propose(request: web.Request) -> web.Response:
    """Leave it to an admin to publish this."""
    services, changes = request.app[SERVICES], await body.read(request, Changes)
    await services.learning.preview(changes.all())
    for change in changes.changes:
        await services.proposals.add(change.model_dump(exclude_none=True), agent_of(request).id)
    await record(request, "propose_learning", subject=str(changes))
    return answer({"proposals": [_render_proposal(each) for each in await services.proposals.all()]}, 201)


@routes.delete("/desk/api/learning/proposals/{id}", role=Role.ADMIN)
async def dismiss(request: web.Request) -> web.Response:
    """It will not be published."""
    number = number_of(request)
    if not await request.app[SERVICES].proposals.remove(number):
        raise BadRequestError(404, "not_found", f"There is no proposal {number}. Load the inbox again.")
    await record(request, "dismiss_proposal", subject=str(number))
    return web.Response(status=204)


@routes.post("/desk/api/learning/publish", role=Role.ADMIN)
async def publish(request: web.Request) -> web.Response:
    """Begin: written, trained, evaluated, activated. `job` tells how far it is."""
    changes = await body.read(request, Changes)
    job = await request.app[SERVICES].learning.publish(changes.all(), agent_of(request).id)
    await record(request, "publish_learning", subject=str(changes))
    return answer({"job": _render_job(job)}, 202)


@routes.get("/desk/api/learning/job", role=Role.AGENT)
async def job(request: web.Request) -> web.Response:
    """The one that is under way, or the last one."""
    found = await request.app[SERVICES].learning.find_job()
    return answer({"job": _render_job(found) if found else None})


@routes.post("/desk/api/learning/back", role=Role.ADMIN)
async def back(request: web.Request) -> web.Response:
    """Bring back the model before."""
    learning = request.app[SERVICES].learning
    await learning.back()
    present = await learning.present()
    await record(request, "bring_back_model", subject=present.name)
    return answer({"model": _render_model(present)})


async def _recent_job(services: Services) -> dict[str, Any] | None:
    found = await services.learning.find_job()
    if found is None or (found.ended_at and services.clock() - found.ended_at > SHOWN_FOR):
        return None
    return _render_job(found)


def _render_groups(services: Services, groups: Sequence[Group]) -> list[dict[str, Any]]:
    return [
        {
            "key": group.key,
            "count": len(group.questions),
            "question": group.typical.text,
            "questions": [_render_question(question) for question in group.questions],
            "suggestions": _suggest(services, group),
            "answer": group.answer,
        }
        for group in groups
    ]


def _suggest(services: Services, group: Group) -> list[dict[str, Any]]:
    """What customers themselves took when the bot asked back comes first; then what the model holds likely."""
    taken = Counter(each.chosen for each in group.questions if each.chosen and each.chosen.startswith("faq/"))
    likely = {each.label: each for each in services.dialogue.suggest(group.typical.text, MOST_SUGGESTIONS)}
    titles = {label: services.dialogue.title(label) for label in taken} | {
        key: each.title for key, each in likely.items()
    }
    confidences = {key: each.confidence for key, each in likely.items()} | {
        label: count / len(group.questions) for label, count in taken.items()
    }
    labels = list(dict.fromkeys([*(label for label, _ in taken.most_common()), *likely]))[:MOST_SUGGESTIONS]
    return [{"label": label, "title": titles[label], "confidence": round(confidences[label], 3)} for label in labels]


def _render_question(question: Question) -> dict[str, Any]:
    return {
        "message": question.message,
        "text": question.text,
        "at": question.at.isoformat(),
        "why": question.why,
        "conversation": question.conversation,
    }


def _render_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "change": dict(proposal.change),
        "agent": proposal.agent,
        "at": proposal.at.isoformat(),
    }


def _render_model(present: Present) -> dict[str, Any]:
    return {
        "version": present.name,
        "since": _moment(present.since),
        "figures": present.figures.values() if present.figures else None,
        "previous": present.previous,
        "current": present.is_current,
    }


def _render_job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "state": job.stage,
        "message": job.message,
        "before": job.before.values() if job.before else None,
        "after": job.after.values() if job.after else None,
        "started_at": _moment(job.started_at),
        "ended_at": _moment(job.ended_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
