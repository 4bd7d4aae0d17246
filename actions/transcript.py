"""The transcript by mail."""

from actions.account_fields import Mailbox, Proof
from actions.procedure import ASKED, Procedure
from actions.talk import Draft, Talk
from bot.mailboxes.errors import PlatformError


class SendTranscript(Procedure):
    """Mails it to the contact address on file of a proven mailbox, and never to an address that was typed."""

    topic = "transcript"
    intent = "send_transcript"
    fields = (Mailbox(), Proof())

    async def _go_on(self, talk: Talk, draft: Draft) -> Draft | None:
        if ASKED not in draft and not await talk.accounts.proofs.of(talk.conversation):
            talk.say("utter_transcript_proof")
        return await super()._go_on(talk, draft)

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """The key is conversation and message: a turn that is taken again after a crash mails nothing anew."""
        key, mailbox = f"{talk.conversation}:{talk.message}", draft["mailbox"]
        try:
            outcome = await talk.accounts.transcripts.send(key, talk.conversation, mailbox)
        except PlatformError:
            talk.say("utter_transcript_platform_down")
        else:
            talk.say(f"utter_transcript_{outcome.value}", mailbox=mailbox)
