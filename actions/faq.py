"""Actions around the FAQ: ask back, decline, say what the bot can do."""

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._wiring import find_accounts
from actions.handoff import call_person, speaker
from bot.conversations.model import Reason
from bot.tickets.contacts import mailbox_in

Domain = dict[str, Any]
Events = list[dict[str, Any]]
FORMS = {
    "check_quota": "quota_form",
    "restore_mailbox": "restore_form",
    "ticket_status": "status_form",
    "leave_message": "message_form",
    "send_transcript": "transcript_form",
}
"""The forms of procedures."""
ABOUT_MAILBOX = ("check_quota", "restore_mailbox", "ticket_status")
"""What a customer who only names a mailbox may want."""
MOST_DECLINED = 2
"""After so many messages in a row without an answer a person is called; a question back is none."""


def title(domain: Domain, label: str) -> str:
    """How the label is called on a button: the `title` beside its response."""
    name: str = domain["responses"][f"utter_{label}"][0]["metadata"]["title"]
    return name


def text(domain: Domain, response: str) -> str:
    """The text of a response that has no variants."""
    words: str = domain["responses"][response][0]["text"]
    return words


def offer(dispatcher: CollectingDispatcher, domain: Domain, labels: Sequence[str], *, response: str) -> Events:
    """Ask which of several labels is meant."""
    buttons = [{"title": title(domain, label), "payload": f"/{label}"} for label in labels]
    dispatcher.utter_message(response=response, buttons=[*buttons, something_else(domain)])
    return [SlotSet("offer", " ".join(labels))]


def something_else(domain: Domain) -> dict[str, str]:
    """The button that refuses everything offered."""
    return {"title": text(domain, "utter_something_else"), "payload": "/deny"}


class Clarify(Action):
    """Offer the candidates as buttons; a single one is also taken by "ja", and "nein" refuses them all."""

    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        doubts = (tracker.get_slot("declined") or 0) + 1
        if doubts > MOST_DECLINED:
            return await Decline().run(dispatcher, tracker, domain)
        labels = tracker.latest_message["decision"]["labels"]
        return [*self._ask(dispatcher, domain, labels), SlotSet("declined", doubts)]

    def _ask(self, dispatcher: CollectingDispatcher, domain: Domain, labels: Sequence[str]) -> Events:
        if len(labels) > 1:
            return offer(dispatcher, domain, labels, response="utter_clarify")
        (label,) = labels
        yes = {"title": text(domain, "utter_yes"), "payload": f"/{label}"}
        dispatcher.utter_message(
            response="utter_clarify_one", title=title(domain, label), buttons=[yes, something_else(domain)]
        )
        return [SlotSet("offer", label)]


class Decline(Action):
    """Say that there is no answer, and offer a person, or call one; or ask what a mailbox is named for."""

    def name(self) -> str:
        return "action_decline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        words = tracker.latest_message.get("text") or ""
        if mailbox := mailbox_in(words):
            payload = json.dumps({"mailbox": mailbox})
            buttons = [{"title": title(domain, intent), "payload": f"/{intent}{payload}"} for intent in ABOUT_MAILBOX]
            dispatcher.utter_message(response="utter_about_mailbox", mailbox=mailbox, buttons=buttons)
            return []
        declined = (tracker.get_slot("declined") or 0) + 1
        accounts = find_accounts()
        if declined < MOST_DECLINED or accounts is None:
            dispatcher.utter_message(response="utter_decline")
            return [SlotSet("offer", "handoff"), SlotSet("declined", declined)]
        dispatcher.utter_message(response="utter_handoff_declined")
        return await call_person(accounts, tracker.sender_id, Reason.DECLINED, speaker(dispatcher, domain))


class TakeOffer(Action):
    """Answer "ja" with what the last message offered; if that was several things, ask which."""

    def name(self) -> str:
        return "action_take_offer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        labels = str(tracker.get_slot("offer")).split()
        if len(labels) > 1:
            return offer(dispatcher, domain, labels, response="utter_clarify_which")
        (label,) = labels
        if label in FORMS:
            return [FollowupAction(FORMS[label])]
        accounts = find_accounts()
        if label == "handoff" and accounts is not None:
            return await call_person(accounts, tracker.sender_id, Reason.DECLINED, speaker(dispatcher, domain))
        dispatcher.utter_message(response=f"utter_{label}")
        return []


class Help(Action):
    """List what the bot can do, from the data: the FAQ's topics and the procedures."""

    def name(self) -> str:
        return "action_help"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        described = [variants[0]["metadata"] for variants in domain["responses"].values() if "metadata" in variants[0]]
        topics = dict.fromkeys(about["topic"] for about in described if "topic" in about)
        procedures = [about["title"] for about in described if "topic" not in about]
        lines = [text(domain, "utter_help_topic").format(topic=topic) for topic in topics]
        lines += [text(domain, "utter_help_procedure").format(title=procedure) for procedure in procedures]
        dispatcher.utter_message(response="utter_help", abilities="\n".join(lines))
        return []
