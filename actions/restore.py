"""Bring mails back: collects what the hoster's people need to know, and opens a ticket."""

from datetime import datetime
from typing import Any

from actions.account_fields import Mailbox, Proof
from actions.order_fields import Confirmation, Contact
from actions.procedure import ASKED, Draft, Procedure, Reading, Talk, may_read
from bot.tickets.model import RestoreRequest, Target
from bot.tickets.moments import Ambiguous, Moment, Refused, read_moment
from bot.tickets.reading import Folder, Whole, contact_in, folder_in, german_moment, target_in

WHOLE = ""
"""As the draft's `folder`: the whole mailbox."""
CHANGES = {
    "mailbox": r"postfach|adresse\b(?!.*kontakt)",
    "folder": r"ordner|umfang",
    "point": r"zeit|datum|tag\b|uhr|stand",
    "target": r"ziel|wohin|unterordner|überschreib|ueberschreib",
    "contact": r"kontakt|telefon|rückruf|rueckruf|erreich",
}


class Scope:
    """The whole mailbox, or a folder of it."""

    name = "folder"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """See Field."""
        if "folder" in talk.heard.values:
            return Reading({"folder": talk.heard.values["folder"]})
        if not (asked or may_read(talk, draft)):
            return None
        match folder_in(talk.heard.text):
            case Whole():
                return Reading({"folder": WHOLE})
            case Folder(name):
                return Reading({"folder": name})
        # A bare word is a folder's name, if a folder was asked for.
        name = talk.heard.text.strip(" .!\"'„“")
        if (
            asked
            and talk.heard.kind != "answer"
            and 0 < len(name.split()) <= 2
            and talk.heard.intent not in {"affirm", "deny"}
        ):
            return Reading({"folder": name})
        return None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return draft.get("folder") is None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        talk.say("utter_ask_folder", buttons=[("utter_whole_mailbox", {"folder": WHOLE})])
        return {}


class Point:
    """The point in time as of which it is to be restored."""

    name = "point"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """Understood, unclear (asked back with the candidates), or outside what the backups hold."""
        if chosen := talk.heard.values.get("point"):
            return Reading({"point": chosen})
        if not (asked or may_read(talk, draft)):
            return None
        now = talk.accounts.now()
        match read_moment(talk.heard.text, now, talk.accounts.retention):
            case Moment(at=at):
                return Reading({"point": at.isoformat(), "candidates": None})
            case Ambiguous(candidates=candidates):
                return Reading({"point": None, "candidates": [at.isoformat() for at in candidates]})
            case Refused(reason=reason):
                talk.say(f"utter_point_{reason}", days=talk.accounts.retention.days)
                return Reading({"point": None, "candidates": None})
        return None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("point")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """See Field."""
        now = talk.accounts.now()
        candidates = draft.get("candidates") or ()
        buttons = [(german_moment(datetime.fromisoformat(at), now), {"point": at}) for at in candidates]
        talk.say("utter_ask_point_which" if buttons else "utter_ask_point", buttons=buttons)
        return {}


class Destination:
    """Where the restored mails are put."""

    name = "target"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """See Field."""
        target = talk.heard.values.get("target")
        if target is None and (asked or may_read(talk, draft)):
            target = target_in(talk.heard.text)
        return Reading({"target": Target(target).value}) if target else None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("target")

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


def _summary(talk: Talk, draft: Draft) -> dict[str, Any]:
    return {
        "mailbox": draft["mailbox"],
        "folder": draft["folder"] or talk.text("utter_whole_mailbox"),
        "point": german_moment(datetime.fromisoformat(draft["point"]), talk.accounts.now()),
        "target": talk.text(f"utter_target_{draft['target']}"),
        "contact": draft["contact"],
    }


CONFIRMATION = Confirmation("utter_ask_confirm", _summary, "utter_confirm", CHANGES)


class RestoreMailbox(Procedure):
    """Collects, sums up, lets every field be corrected, and opens the ticket."""

    topic = "restore"
    fields = (Mailbox(), Proof(), Scope(), Point(), Destination(), Contact(), CONFIRMATION)

    def is_answer(self, talk: Talk, draft: Draft) -> bool:
        """See Procedure."""
        return draft.get(ASKED) == Contact.name and contact_in(talk.heard.text) is not None

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The key is conversation and message: a turn that is taken again after a crash opens nothing anew."""
        request = RestoreRequest(
            mailbox=draft["mailbox"],
            folder=draft["folder"] or None,
            point=datetime.fromisoformat(draft["point"]),
            target=Target(draft["target"]),
            contact=draft["contact"],
        )
        key = f"{talk.conversation}:{talk.message}"
        opened = await talk.accounts.tickets.open(key, talk.conversation, request)
        talk.accounts.wake_tickets()
        talk.say("utter_restore_opened" if opened.is_new else "utter_restore_exists", number=opened.ticket.number)
