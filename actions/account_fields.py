"""What every procedure about a mailbox needs: which one, and the proof that it is the customer's."""

import re

from actions.procedure import ASKED, Draft, Offer, Reading, Talk, may_read
from bot.identity.ports import Outcome
from bot.tickets.reading import mailbox_in

OTHER_MAILBOX = re.compile(r"\b(falsch|ander|nicht mein)\w*\s+(postfach|adresse|e-?mail|konto)", re.IGNORECASE)
NEW_CODE = re.compile(
    r"(neue\w*|anderen|noch\s?mal|nochmals|weiteren)\b.*\bcode|\bkein(en)?\s+code|code\s+nicht", re.IGNORECASE
)
SEVERAL = 8
"""So many proven mailboxes are shown as buttons."""


class Mailbox:
    """The mailbox in question."""

    name = "mailbox"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """An address in the message; or that the one we have is wrong."""
        mailbox = talk.heard.values.get("mailbox")
        if mailbox is None and (asked or draft.get(ASKED) == Proof.name or may_read(talk, draft)):
            mailbox = mailbox_in(talk.heard.text)
        if mailbox:
            return Reading({"mailbox": mailbox})
        if draft.get("mailbox") and OTHER_MAILBOX.search(talk.heard.text):
            return Reading({"mailbox": None})
        if not draft.get("mailbox") and not asked:
            proven = await talk.accounts.proofs.of(talk.conversation)
            return Reading({"mailbox": next(iter(proven))}) if len(proven) == 1 else None
        return None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return not draft.get("mailbox")

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """With those that are proven already as buttons."""
        proven = sorted(await talk.accounts.proofs.of(talk.conversation))[:SEVERAL]
        talk.say("utter_ask_mailbox", buttons=[(mailbox, {"mailbox": mailbox}) for mailbox in proven])
        return {}


class Proof:
    """That the mailbox is the customer's: by the page's token, or by a code that is sent now."""

    name = "proof"

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Reading | None:
        """The code that was typed."""
        if not asked:
            return None
        if talk.heard.values.get("code") == "new" or (talk.heard.code is None and NEW_CODE.search(talk.heard.text)):
            return Reading({"code_for": None})
        if talk.heard.code is None:
            return None
        outcome = await talk.accounts.codes.check(talk.conversation, draft["mailbox"], talk.heard.code)
        if outcome is Outcome.RIGHT:
            return Reading()
        talk.say(f"utter_code_{outcome.value}")
        return Reading()

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return draft["mailbox"] not in await talk.accounts.proofs.of(talk.conversation)

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Send a code the first time; then remind of it."""
        mailbox = draft["mailbox"]
        first = draft.get("code_for") != mailbox
        if first:
            await talk.accounts.codes.request(talk.conversation, mailbox)
        buttons: list[Offer] = [("utter_new_code", {"code": "new"}), ("utter_stop", "/cancel")]
        talk.say("utter_ask_code" if first else "utter_ask_code_again", buttons=buttons, mailbox=mailbox)
        return {"code_for": mailbox}
