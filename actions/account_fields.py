"""What every procedure about a mailbox needs: which one, and the proof that it is the customer's."""

from actions.phrases import NEW_CODE, NO_ACCESS, NO_CODE, OTHER_MAILBOX, UNKNOWN
from actions.procedure import ASKED, Field
from actions.talk import Draft, Offer, Talk
from bot.identity.ports import Outcome
from bot.tickets.contacts import address_in, mailbox_in

SEVERAL = 8
"""So many proven mailboxes are shown as buttons."""


class Mailbox(Field):
    """The mailbox in question."""

    name = "mailbox"

    def may_read(self, talk: Talk, draft: Draft) -> bool:
        """While the proof is asked for, too: another address is another mailbox."""
        return draft.get(ASKED) == Proof.name or super().may_read(talk, draft)

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """An address in the message; or that the one we have is wrong."""
        text = talk.heard.text
        mailbox = talk.heard.values.get("mailbox") or mailbox_in(text) or (address_in(text) if asked else None)
        if mailbox:
            return {"mailbox": mailbox}
        if draft.get("mailbox") and OTHER_MAILBOX.search(text):
            return {"mailbox": None}
        if asked and UNKNOWN.search(text):
            talk.say("utter_mailbox_unknown", buttons=[("utter_to_person", "/handoff")])
            return {}
        if not draft.get("mailbox") and not asked:
            proven = await talk.accounts.proofs.of(talk.conversation)
            return {"mailbox": next(iter(proven))} if len(proven) == 1 else None
        return None

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """With those that are proven already as buttons."""
        proven = sorted(await talk.accounts.proofs.of(talk.conversation))[:SEVERAL]
        talk.say("utter_ask_mailbox", buttons=[(mailbox, {"mailbox": mailbox}) for mailbox in proven])
        return {}


class Proof(Field):
    """That the mailbox is the customer's: by the page's token, or by a code that is sent now."""

    name = "proof"

    def may_read(self, talk: Talk, draft: Draft) -> bool:
        """Only when it was asked for."""
        return False

    async def read(self, talk: Talk, draft: Draft, *, asked: bool) -> Draft | None:
        """The code that was typed; or that there is none."""
        heard = talk.heard
        if heard.code is not None:
            outcome = await talk.accounts.codes.check(talk.conversation, draft["mailbox"], heard.code)
            if outcome is not Outcome.RIGHT:
                talk.say(f"utter_code_{outcome.value}")
            return {}
        if heard.values.get("code") == "new" or NEW_CODE.search(heard.text):
            return {"code_for": None}
        if NO_ACCESS.search(heard.text):
            talk.say("utter_code_no_access", buttons=[("utter_to_person", "/handoff")])
            return {}
        if NO_CODE.search(heard.text):
            talk.say("utter_code_not_there", buttons=[("utter_to_person", "/handoff")])
            return {}
        return None

    async def is_missing(self, talk: Talk, draft: Draft) -> bool:
        """See Field."""
        return draft["mailbox"] not in await talk.accounts.proofs.of(talk.conversation)

    async def ask(self, talk: Talk, draft: Draft) -> Draft:
        """Send a code the first time; then remind of it."""
        mailbox = draft["mailbox"]
        buttons: list[Offer] = [("utter_new_code", {"code": "new"}), ("utter_stop", "/cancel")]
        if draft.get("code_for") == mailbox:
            talk.say("utter_ask_code_again", buttons=buttons, mailbox=mailbox)
        elif await talk.accounts.codes.request(talk.conversation, mailbox):
            talk.say("utter_ask_code", buttons=buttons, mailbox=mailbox)
        else:
            talk.say("utter_code_too_many", buttons=[("utter_to_person", "/handoff"), buttons[1]], mailbox=mailbox)
        return {"code_for": mailbox}
