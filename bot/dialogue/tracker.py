"""Rasa's tracker, with copies that cost little."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from rasa.shared.core.constants import ACTIVE_LOOP
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

T = TypeVar("T")
UNDOING = frozenset({ActionReverted, ActiveLoop, Restarted, SessionStarted, UserUtteranceReverted})
"""Events after which others may not apply any more."""


class Tracker(DialogueStateTracker):
    """
    Rasa copies a tracker by playing all its events again, a dozen times in a turn.

    What the events led to is at hand: the copy takes it over. Slots and the active
    form are what events change in place, so these are copied, too.
    """

    _past: "_Past | None" = None

    @classmethod
    def begin(cls, conversation: str, slots: Iterable[Slot]) -> Self:
        """Before its first event; `slots` as the domain has them."""
        tracker = cls(conversation, ())
        tracker.slots = {slot.name: twin_of(slot) for slot in slots}
        return tracker

    def copy(self) -> Self:
        """As Rasa's."""
        twin = self._shell()
        twin.events = self.events.copy()
        if self.active_loop is not None:
            twin.active_loop = twin_of(self.active_loop)
        return twin

    def init_copy(self) -> Self:
        """As Rasa's: the same conversation before its first event."""
        twin = self._shell()
        twin.events = self._create_events([])
        twin._reset()
        return twin

    def applied_events(self) -> list[Event]:
        """As Rasa's, which asks of each event seven times what it is; most trackers have none that undoes others."""
        if {type(event) for event in self.events}.isdisjoint(UNDOING):
            return list(self.events)
        events: list[Event] = super().applied_events()
        return events

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """As Rasa's, which for each prediction plays all events again, also those of the one before."""
        if omit_unset_slots or ignore_rule_only_turns:
            states: list[State] = super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
            return states
        events = self.applied_events()
        if self._past is None or not self._past.is_begin_of(events):
            self._past = _Past([], [], self.init_copy())
        self._past.go_on(events, domain)
        return [*map(_copied, self._past.states), domain.get_active_state(self._past.tracker)]

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
        """As Rasa's, which copies the message that began the active form deeply."""
        plain = twin_of(self)
        plain.active_loop = None
        state: dict[str, Any] = DialogueStateTracker.current_state(plain, event_verbosity)
        return state | {ACTIVE_LOOP: dict(vars(self.active_loop)) if self.active_loop else {}}

    def _shell(self) -> Self:
        twin = twin_of(self)
        # Whoever copies a tracker does not write what the copy hears.
        twin.model_id = twin.assistant_id = None
        twin._past = None
        twin.slots = {name: twin_of(slot) for name, slot in self.slots.items()}
        return twin


@dataclass
class _Past:
    """What a tracker's events led to so far."""

    events: list[Event]
    states: list[State]
    """Before each action."""
    tracker: Tracker
    """After the last event."""

    def is_begin_of(self, events: Sequence[Event]) -> bool:
        return len(events) >= len(self.events) and all(map(operator.is_, self.events, events))

    def go_on(self, events: Sequence[Event], domain: Domain) -> None:
        for event in events[len(self.events) :]:
            if isinstance(event, ActionExecuted):
                self.states.append(domain.get_active_state(self.tracker))
            self.tracker.update(event)
            self.events.append(event)


def _copied(state: State) -> State:
    """Whoever predicts takes out of it what does not count."""
    return {kind: dict(part) for kind, part in state.items()}


def twin_of(one: T) -> T:
    """What `copy.copy` makes of a plain object, at a third of its cost."""
    twin = object.__new__(type(one))
    twin.__dict__.update(one.__dict__)
    return twin
