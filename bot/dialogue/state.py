"""
The dialogue's memory of a conversation, as text that stays small.

Rasa keeps every event for ever and featurises them all at each turn, so turn 300
costs ten times turn 3. Here a conversation is its slots, its active form and its
last turns; turn 300 costs what turn 3 costs.
"""

import functools
import json
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.dialogue.tracker import Tracker

VERSION = 1
TURNS_KEPT = 2
"""Turns of which the events are kept: what rules and stories may look back on."""
PARSE_KEYS = ("text", "intent", "entities")
"""What is kept of a message's understanding; rankings are only of use in their own turn."""


def fresh(conversation: str, domain: Domain) -> DialogueStateTracker:
    """A conversation that has not begun."""
    tracker = Tracker.begin(conversation, domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), domain)
    return tracker


def load(conversation: str, state: str | None, domain: Domain) -> DialogueStateTracker:
    """
    The tracker that `dump` wrote.

    Slots that the domain no longer has are left out, so that a new model can
    go on with conversations of the old one.
    """
    if state is None:
        return fresh(conversation, domain)
    memory = json.loads(state)
    tracker = Tracker.begin(conversation, domain.slots)
    known = {slot.name for slot in domain.slots}
    for name, value in memory["slots"].items():
        if name in known:
            tracker.update(SlotSet(name, value), domain)
    if memory["loop"]:
        tracker.update(ActiveLoop(memory["loop"]), domain)
    for parameters in memory["events"]:
        event = read_event(parameters)
        if not (isinstance(event, SlotSet) and event.key not in known):
            tracker.update(event, domain)
    return tracker


def read_event(parameters: dict[str, Any]) -> Event:
    """Rasa's `Event.from_parameters`, which walks all classes for every event. KeyError for an unknown one."""
    event: Event = _event_types()[parameters["event"]]._from_parameters(parameters)
    return event


@functools.cache
def _event_types() -> dict[str, type[Event]]:
    return {event.type_name: event for event in all_subclasses(Event)}


def dump(tracker: DialogueStateTracker) -> str:
    """The tracker as text: all slots that are set, the active form, the last `TURNS_KEPT` turns."""
    return json.dumps(
        {
            "version": VERSION,
            "slots": {slot.name: slot.value for slot in tracker.slots.values() if slot.value is not None},
            "loop": tracker.active_loop_name,
            "events": [
                _compact(event)
                for event in _last_turns(list(tracker.applied_events()))
                if not isinstance(event, BotUttered)  # what the bot said is in the transcript; no policy reads it
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _last_turns(events: list[Event]) -> list[Event]:
    """From the `action_listen` before the last `TURNS_KEPT` messages on: policies expect whole turns."""
    starts = [i for i, event in enumerate(events) if _is_listen(event)]
    # The last `action_listen` ends the present turn and begins the next one.
    return events[starts[-TURNS_KEPT - 1] :] if len(starts) > TURNS_KEPT else events


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _compact(event: Event) -> dict[str, Any]:
    parameters: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        parameters["parse_data"] = {key: parameters["parse_data"].get(key) for key in PARSE_KEYS}
    parameters.pop("metadata", None)
    return parameters
