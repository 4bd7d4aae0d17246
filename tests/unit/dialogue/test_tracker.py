"""Copies of a tracker are what Rasa makes by playing its events again."""

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.dialogue.tracker import Tracker

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {"draft": {"type": "any", "initial_value": "none yet", "mappings": [{"type": "custom"}]}},
        "forms": {"order_form": {"required_slots": ["draft"]}},
    }
)
EVENTS = (
    ActionExecuted(ACTION_LISTEN_NAME),
    UserUttered("hallo", {"name": "greet"}),
    ActiveLoop("order_form"),
    SlotSet("draft", {"folder": "inbox"}),
    SlotSet(REQUESTED_SLOT, "draft"),
    ActionExecuted("order_form"),
    ActionExecutionRejected("order_form"),
    BotUttered("Welcher Ordner?"),
    ActionExecuted(ACTION_LISTEN_NAME),
)


def tracker(kind: type[DialogueStateTracker] = Tracker) -> DialogueStateTracker:
    """In the middle of a form."""
    return kind.from_events("anna", list(EVENTS), slots=DOMAIN.slots)


def contents(one: DialogueStateTracker) -> dict[str, object]:
    """All that a tracker tells."""
    return {**one.current_state(EventVerbosity.ALL), "rejected": one.is_active_loop_rejected}


def test_a_copy_has_all_that_the_original_has() -> None:
    """As the copy that Rasa makes."""
    assert contents(tracker().copy()) == contents(tracker(DialogueStateTracker).copy()) == contents(tracker())


def test_what_happens_to_a_copy_leaves_the_original_alone() -> None:
    """Slots, the form and events."""
    original = tracker()
    before = contents(original)
    copy = original.copy()
    copy.update_with_events(
        [SlotSet("draft", None), ActionExecuted("order_form"), ActiveLoop(None), UserUttered("nein")], DOMAIN
    )
    assert contents(original) == before
    assert copy.active_loop is None


def test_the_way_there_is_rasa_s_own() -> None:
    """What policies look at: the tracker before each action."""
    ours = [contents(prior) for prior, _ in tracker().generate_all_prior_trackers()]
    assert ours == [contents(prior) for prior, _ in tracker(DialogueStateTracker).generate_all_prior_trackers()]
    assert ours[0]["slots"] == {"draft": "none yet", REQUESTED_SLOT: None, "session_started_metadata": None}


def test_what_policies_see_is_rasa_s_own_after_every_event() -> None:
    """Also where a tracker was asked before, events were undone, and whoever asked changed what it got."""
    more = [UserUttered("nein"), ActionExecuted("order_form"), UserUtteranceReverted(), ActiveLoop(None), *EVENTS]
    ours, theirs = Tracker("anna", DOMAIN.slots), DialogueStateTracker("anna", DOMAIN.slots)
    for event in [*EVENTS, *more]:
        for one in (ours, theirs):
            one.update(event, DOMAIN)
        assert ours.applied_events() == theirs.applied_events()
        states = ours.past_states(DOMAIN)
        assert states == theirs.past_states(DOMAIN)
        states[0].clear()
        for state in states[1:]:
            state.get("user", {}).clear()
