"""How full is my mailbox?"""

from actions.account_fields import Mailbox, Proof
from actions.procedure import TO_PERSON, Procedure
from actions.talk import Draft, Offer, Talk
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota
from bot.mailboxes.wording import percent, size
from bot.tickets.reading import german_moment

NEARLY_FULL = 0.9
ENTRY = "faq/mailbox-full"
"""What the FAQ says about it, if it has this entry."""


class CheckQuota(Procedure):
    """Asks for mailbox and proof, then says the figure with advice that fits."""

    topic = "quota"
    intent = "check_quota"
    fields = (Mailbox(), Proof())

    async def complete(self, talk: Talk, draft: Draft) -> None:
        """Never an old figure: it is asked for now, and said with its time."""
        mailbox = draft["mailbox"]
        try:
            quota = await talk.accounts.mailboxes.quota(mailbox)
        except UnknownMailboxError:
            talk.say("utter_quota_unknown", mailbox=mailbox)
        except PlatformError:
            talk.say("utter_platform_down", buttons=[("utter_to_person", TO_PERSON)])
        else:
            _tell(talk, mailbox, quota)


def _tell(talk: Talk, mailbox: str, quota: Quota) -> None:
    at = german_moment(quota.at.astimezone(talk.accounts.zone), talk.accounts.now())
    if quota.total is None or quota.share is None:
        talk.say("utter_quota_unlimited", mailbox=mailbox, used=size(quota.used), at=at)
        return
    figures = {
        "mailbox": mailbox,
        "used": size(quota.used),
        "total": size(quota.total),
        "percent": percent(quota.share),
        "free": size(max(0, quota.total - quota.used)),
        "at": at,
    }
    if quota.share >= NEARLY_FULL:
        about = [("utter_what_when_full", f"/{ENTRY}")] if f"utter_{ENTRY}" in talk.domain["responses"] else []
        steps: list[Offer] = [*about, ("utter_to_person", TO_PERSON)]
        talk.say("utter_quota_full" if quota.share >= 1 else "utter_quota_nearly_full", buttons=steps, **figures)
    else:
        talk.say("utter_quota", buttons=[("utter_restore_button", "/restore_mailbox")], **figures)
