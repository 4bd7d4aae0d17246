"""Call a person, if one is there; else offer to leave a message."""

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions._wiring import find_accounts
from bot.accounts import Accounts
from bot.conversations.model import Reason
from bot.handoff.reception import Closed, Elsewhere, Full, Open, Unstaffed
from bot.handoff.wording import german_opening

Events = list[dict[str, Any]]
Say = Callable[..., None]
BACK, LEAVE_MESSAGE = ("utter_back_to_bot", "/resume"), ("utter_leave_message", "/leave_message")


async def call_person(accounts: Accounts, conversation: str, reason: Reason, say: Say) -> Events:
    """
    Say what happens next, and have the turn hand the conversation over if somebody is there.

    `say(response, buttons=[(response of the title, payload)], **values)` utters a response of the domain.
    """
    match await accounts.reception.admission(conversation):
        case Open(position=position):
            words = "utter_handoff_angry" if reason is Reason.ANGRY else "utter_handoff_called"
            say(words, buttons=[LEAVE_MESSAGE, BACK], position=position)
            return [SlotSet("handoff", reason.value)]
        case Elsewhere():
            say("utter_handoff_elsewhere", buttons=[])
            return [SlotSet("handoff", reason.value)]
        case Closed(opens=opens) if opens is not None:
            words = german_opening(opens.astimezone(accounts.zone), accounts.now())
            say("utter_handoff_closed", buttons=[LEAVE_MESSAGE], opens=words)
        case Full():
            say("utter_handoff_full", buttons=[LEAVE_MESSAGE])
        case Closed() | Unstaffed():
            say("utter_handoff_nobody", buttons=[LEAVE_MESSAGE])
    return [SlotSet("offer", "leave_message")]


class CallPerson(Action):
    """A person is wanted."""

    def name(self) -> str:
        return "action_call_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        accounts = find_accounts()
        if accounts is None:
            dispatcher.utter_message(response="utter_handoff")
            return []
        reason = reason_of(tracker.latest_message)
        return await call_person(accounts, tracker.sender_id, reason, speaker(dispatcher, domain))


def reason_of(message: dict[str, Any]) -> Reason:
    """Why the customer wants a person: the button that was pressed may say so."""
    if message.get("angry"):
        return Reason.ANGRY
    values = {entity["entity"]: entity["value"] for entity in message.get("entities") or ()}
    return Reason(values.get("reason", Reason.ASKED))


def speaker(dispatcher: CollectingDispatcher, domain: dict[str, Any]) -> Say:
    """What `call_person` says with, for actions that are no procedure."""

    def say(response: str, *, buttons: list[tuple[str, str]], **values: Any) -> None:
        shown = [{"title": domain["responses"][name][0]["text"], "payload": payload} for name, payload in buttons]
        dispatcher.utter_message(response=response, buttons=shown, **values)

    return say
