"""Actions around the FAQ: ask back, decline, say what the bot can do."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

Domain = dict[str, Any]
Events = list[dict[str, Any]]
FORMS = {"check_quota": "quota_form", "restore_mailbox": "restore_form", "ticket_status": "status_form"}


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

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        labels = tracker.latest_message["decision"]["labels"]
        if len(labels) > 1:
            return offer(dispatcher, domain, labels, response="utter_clarify")
        (label,) = labels
        yes = {"title": text(domain, "utter_yes"), "payload": f"/{label}"}
        dispatcher.utter_message(
            response="utter_clarify_one", title=title(domain, label), buttons=[yes, something_else(domain)]
        )
        return [SlotSet("offer", label)]


class Decline(Action):
    """Say that there is no answer, and offer a person; the second time in a row in other words."""

    def name(self) -> str:
        return "action_decline"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        again = tracker.get_slot("offer") == "handoff"
        dispatcher.utter_message(response="utter_decline_again" if again else "utter_decline")
        return [SlotSet("offer", "handoff")]


class TakeOffer(Action):
    """Answer "ja" with what the last message offered; if that was several things, ask which."""

    def name(self) -> str:
        return "action_take_offer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        labels = str(tracker.get_slot("offer")).split()
        if len(labels) > 1:
            return offer(dispatcher, domain, labels, response="utter_clarify_which")
        (label,) = labels
        if label in FORMS:
            return [FollowupAction(FORMS[label])]
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
