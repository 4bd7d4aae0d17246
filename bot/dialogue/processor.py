"""Rasa's message processor as this house uses it, and what it works on."""

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, action_for_name_or_text
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached, ModelNotFound
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, MAPPING_TYPE, SlotMappingType
from rasa.shared.core.events import ActionExecutionRejected, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.model import Button, Reply
from bot.dialogue.actions import local
from bot.dialogue.runner import DirectGraphRunner
from bot.dialogue.tracker import twin_of
from bot.tracing import part


class Trackers(TrackerStore):
    """Holds the trackers of the turns that are under way; memory is the caller's business."""

    def __init__(self) -> None:
        super().__init__(None)
        self.held: dict[str, DialogueStateTracker] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self.held.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        self.held[tracker.sender_id] = tracker


class Replies(OutputChannel):
    """Collects what the bot says in one turn, and what went wrong in it."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.failure: Exception | None = None

    @classmethod
    def name(cls) -> str:
        return "postbote"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        buttons = tuple(Button(button["title"], button["payload"]) for button in message.get("buttons") or ())
        self.replies.append(Reply(message.get("text") or "", buttons))


class Watched:
    """An action whose exception is remembered: Rasa logs it and goes on, and the customer gets silence."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, output_channel: Replies, *args: Any) -> Any:
        try:
            with part(f"action: {self._action.name()}"):
                return await self._action.run(output_channel, *args)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            output_channel.failure = error
            raise


class Processor(MessageProcessor):
    """Rasa's processor, with actions watched and a graph that runs directly."""

    @staticmethod
    def _load_model(model_path: Path) -> tuple[str, ModelMetadata, GraphRunner]:
        if not model_path.is_file():
            raise ModelNotFound(f"There is no model at {model_path}. Train one: make train")
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), model_path, LocalModelStorage, DirectGraphRunner
            )
        return model_path.name, metadata, runner

    @cached_property
    def _extracts_slots(self) -> bool:
        """Whether Rasa is to fill any slot from messages; ours are filled by actions."""
        mappings = [mapping for slot in self.domain.slots for mapping in slot.mappings]
        return ACTION_VALIDATE_SLOT_MAPPINGS in self.domain.user_actions or any(
            mapping[MAPPING_TYPE] != SlotMappingType.CUSTOM.value or "action" in mapping for mapping in mappings
        )

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        if not self._extracts_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event], prediction: PolicyPrediction
    ) -> None:
        # As Rasa's, which copies all events deeply for its debug log.
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Not at all: it is for Rasa's debug log."""

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        # As Rasa's, which makes all of its own actions anew to look for one.
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        with part("policies"):
            prediction = self._predict_next_with_tracker(tracker)
        action = self._action(self.domain.action_names_or_texts[prediction.max_confidence_index])
        # Some keep in themselves what they are about to say.
        return Watched(twin_of(action)), prediction

    def _action(self, name: str) -> Action:
        if name not in self._actions:
            action = action_for_name_or_text(name, self.domain, self.action_endpoint)
            self._actions[name] = local(action, self.action_endpoint)
        return self._actions[name]

    @cached_property
    def _actions(self) -> dict[str, Action]:
        return {}
