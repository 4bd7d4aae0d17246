"""What a restore needs to know: how much, as of when, to where; and its summary."""

from datetime import datetime

from actions.order_fields import Confirmation
from actions.phrases import CHANGES, INDIFFERENT
from actions.procedure import Field
from actions.talk import Draft, Talk
from bot.tickets.choice import choose_moment
from bot.tickets.model import Target
from bot.tickets.moments import Ambiguous, Moment, Refused, read_moment
from bot.tickets.reading import Folder, Whole, folder_in, german_moment, target_in

WHOLE = ""
"""As the draft's `folder`: the whole mailbox."""
NO_NAMES = {"affirm", "deny", "cancel", "handoff", "greet", "thank", "goodbye", "help", "bot_challenge"}


class Scope(Field):
    """The whole mailbox, or a folder of it."""

    name = "folder"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """See Field."""
        heard = talk.heard
        if "folder" in heard.values:
            return {"folder": heard.values["folder"]}
        match folder_in(heard.text):
            case Whole():
                return {"folder": WHOLE}
            case Folder(name):
                return {"folder": name}
        if asked and INDIFFERENT.search(heard.text):
            talk.say("utter_folder_unknown")
            return {}
        bare = _bare_name(talk) if asked else None
        return {"folder": bare} if bare else None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        talk.say("utter_ask_folder", buttons=[("utter_whole_mailbox", {"folder": WHOLE})])
        return {}


def _bare_name(talk: Talk) -> str | None:
    """One or two words are a folder's name, if a folder was asked for."""
    name = talk.heard.text.strip(" .!\"'„“")
    names_one = talk.heard.kind != "answer" and talk.heard.intent not in NO_NAMES and target_in(name) is None
    return name if names_one and 0 < len(name.split()) <= 2 else None


class Point(Field):
    """The point in time as of which it is to be restored."""

    name = "point"
    revises = True

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """Understood, unclear (asked back with the candidates), or outside what the backups hold."""
        if chosen := talk.heard.values.get("point"):
            return _point(datetime.fromisoformat(chosen))
        if asked and (picked := choose_moment(talk.heard.text, _moments(draft, "candidates"))):
            return _point(picked)
        if (values := self._read_moment(talk, draft)) is not None:
            return values
        if asked and INDIFFERENT.search(talk.heard.text):
            talk.say("utter_point_unknown")
            return {}
        return None

    def _read_moment(self, talk: Talk, draft: Draft) -> Draft | None:
        days = sorted({at.date() for at in _moments(draft, "candidates") or _moments(draft, "spoken_of")})
        match read_moment(talk.heard.text, talk.accounts.now(), talk.accounts.retention, days):
            case Moment(at=at):
                return _point(at)
            case Ambiguous(candidates=several):
                return {"point": None, "candidates": [at.isoformat() for at in several]}
            case Refused(reason=reason):
                talk.say(f"utter_point_{reason}", days=talk.accounts.retention.days)
                return {"point": None, "candidates": None}
        return None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        now = talk.accounts.now()
        buttons = [(german_moment(at, now), {"point": at.isoformat()}) for at in _moments(draft, "candidates")]
        talk.say("utter_ask_point_which" if buttons else "utter_ask_point", buttons=buttons)
        return {}


def _moments(draft: Draft, name: str) -> list[datetime]:
    return [datetime.fromisoformat(at) for at in draft.get(name) or ()]


def _point(at: datetime) -> Draft:
    return {"point": at.isoformat(), "candidates": None, "spoken_of": [at.isoformat()]}


class Destination(Field):
    """Where the restored mails are put; where it is all the same, nothing is overwritten."""

    name = "target"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """See Field."""
        heard = talk.heard
        target = heard.values.get("target") or target_in(heard.text)
        if target is None and asked and INDIFFERENT.search(heard.text):
            target = Target.SUBFOLDER
        return {"target": Target(target).value} if target else None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """With the warning beside the choice that destroys something."""
        talk.say(
            "utter_ask_target",
            buttons=[
                ("utter_into_subfolder", {"target": Target.SUBFOLDER.value}),
                ("utter_overwrite", {"target": Target.OVERWRITE.value}),
            ],
        )
        return {}


class RestoreConfirmation(Confirmation):
    """Of everything that the hoster's people will do."""

    changes = CHANGES

    def sum_up(self, talk: Talk, draft: Draft) -> None:
        """See Confirmation."""
        talk.say(
            "utter_ask_confirm",
            buttons=[
                ("utter_confirm", {"confirmed": "yes"}),
                ("utter_change", "/deny"),
                ("utter_stop", "/cancel"),
            ],
            mailbox=draft["mailbox"],
            folder=draft["folder"] or talk.text("utter_whole_mailbox"),
            point=german_moment(datetime.fromisoformat(draft["point"]), talk.accounts.now()),
            target=talk.text(f"utter_target_{draft['target']}"),
            contact=draft["contact"],
        )
