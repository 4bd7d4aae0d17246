"""Run custom actions in this process: Rasa's action endpoint without HTTP in between."""

from collections.abc import Sequence
from typing import Any

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.dialogue.state import read_event


class InProcessActions(EndpointConfig):
    """
    What Rasa's `RemoteAction` believes to be an action server.

    It is called with the action's name and the tracker, as `RemoteAction` writes them
    (rasa/core/actions/action.py); the answer has `events` and `responses`.
    """

    def __init__(self, executor: ActionExecutor) -> None:
        # Selective: else Rasa serialises the whole domain for every call.
        super().__init__("in-process", enable_selective_domain=True)
        self._executor = executor
        self.domain: dict[str, Any] = {}
        """Handed to each action; set once when the model is loaded."""

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        """Run the action that `json` names; its exception is the caller's."""
        return await self._executor.run({**json, "domain": self.domain})


class LocalAction(RemoteAction):
    """A custom action, called without what Rasa does for a server elsewhere."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """As Rasa's. Its answer comes from rasa_sdk in this process and needs no check, which would cost 40 ms."""
        answer = await self.action_endpoint.request(json=self._action_call_format(tracker, domain))
        said = await self._utter_responses(answer["responses"], output_channel, nlg, tracker)
        return [*said, *map(read_event, answer["events"])]


class LocalForm(FormAction):
    """A form whose `validate_<form>` is a LocalAction; Rasa's own makes a RemoteAction of it."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[SlotSet | Event]:
        """As Rasa's."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        filled = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        seen = self._temporary_tracker(tracker, filled, domain)
        events: list[SlotSet | Event] = await LocalAction(name, self.action_endpoint).run(
            output_channel, nlg, seen, domain
        )
        return events

    async def _validate_if_required(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        # As Rasa's, which copies the message deeply for its debug log.
        is_new = tracker.latest_action_name == ACTION_LISTEN_NAME and not tracker.is_active_loop_interrupted
        asked = (tracker, domain, output_channel, nlg)
        return await (self.validate(*asked) if is_new or not tracker.active_loop else self.validate_slots({}, *asked))

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: Sequence[Event], domain: Domain
    ) -> DialogueStateTracker:
        # As Rasa's, which plays all events again.
        tracker = current_tracker.copy()
        requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        for event in (requested, ActionExecuted(self.name()), *additional_events):
            tracker.update(event, domain)
        return tracker


def local(action: Action, endpoint: EndpointConfig) -> Action:
    """The same action, in this process if it is a custom one or a form."""
    if isinstance(action, FormAction):
        return LocalForm(action.name(), endpoint)
    return LocalAction(action.name(), endpoint) if isinstance(action, RemoteAction) else action


def executor_for(package: str) -> ActionExecutor:
    """An executor that knows every action of a package (see rasa_sdk's `register_package`)."""
    executor = ActionExecutor()
    executor.register_package(package)
    return executor
