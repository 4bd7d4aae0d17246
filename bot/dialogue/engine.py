"""
One turn of the dialogue, by Rasa as a library.

Road: conversations.turn → here → config.yml, domain/, data/ → actions/ → back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.model import Button, Decision, Reason, Reply, Suggestion, Turn, Waiting
from bot.dialogue import payload
from bot.dialogue import state as memory
from bot.dialogue.actions import InProcessActions, executor_for
from bot.dialogue.followup import find_meant, known_of
from bot.dialogue.importer import RETRIEVAL_INTENT
from bot.dialogue.nlu.belief import OUT_OF_SCOPE
from bot.dialogue.nlu.understanding import CLARIFY
from bot.dialogue.places import find_place
from bot.dialogue.processor import Processor, Replies, Trackers
from bot.dialogue.templates import Templates
from bot.errors import PostboteError, UnavailableError
from bot.tickets.numbers import number_in
from bot.tracing import part

OFFER = "offer"
ABOUT = "about"
SURE = 0.9
"""What is no question, or none for the FAQ, with so much confidence is that after an answer, too."""
FLEETING = frozenset({OFFER, ABOUT, "declined"})
"""Slots that live for one turn: what was proposed, which entry answered, how often in a row the bot has declined."""
HANDOFF = "handoff"
SMALLTALK = frozenset({"greet", "goodbye", "thank", "help", "bot_challenge", "affirm", "deny"})
"""The slot in which an action writes why a person is to answer; see domain/handoff.yml."""


class TurnError(PostboteError):
    """The dialogue could not make anything of a message; its cause is the `__cause__`."""

    code = "turn"


@dataclass(frozen=True)
class Understood:
    """What the NLU made of a text."""

    intent: str
    decision: Decision
    labels: tuple[str, ...]
    confidence: float
    """0 to 1, calibrated: of the answers given at 0.8, four of five are right."""


class RasaDialogue:
    """The port `bot.conversations.ports.Dialogue`, on a trained model."""

    def __init__(self, processor: MessageProcessor, trackers: Trackers) -> None:
        self._processor = processor
        self._trackers = trackers
        self._domain: Domain = processor.domain
        self._known = known_of(self._domain.responses)

    @classmethod
    def load(cls, model: Path, actions: str = "actions") -> Self:
        """
        Load the model file and the custom actions of the package `actions`.

        Raises rasa.exceptions.ModelNotFound when there is no model at `model`.
        """
        trackers = Trackers()
        endpoint = InProcessActions(executor_for(actions))
        templates = Templates({})
        processor = Processor(
            model_path=model,
            tracker_store=trackers,
            lock_store=InMemoryLockStore(),
            action_endpoint=endpoint,
            generator=templates,
        )
        domain = processor.domain
        trackers.domain = domain
        templates.responses = domain.responses
        endpoint.domain = domain.as_dict()
        return cls(processor, trackers)

    async def respond(self, waiting: Waiting) -> Turn:
        """See `bot.conversations.ports.Dialogue.respond`; raises TurnError, too."""
        conversation, message = waiting.conversation, str(waiting.message)
        tracker = memory.load(conversation, waiting.state, self._domain)
        offered = str(tracker.get_slot(OFFER) or "").split()
        loop = tracker.active_loop_name
        about = None if loop else tracker.get_slot(ABOUT)
        parsed = self._hear(waiting, offered, about, free=not loop) | {
            "message_id": message,
            "code_digest": waiting.code_digest,
        }
        replies = Replies()
        asked = UserMessage(waiting.text, replies, conversation, parse_data=parsed, message_id=message)
        self._trackers.held[conversation] = tracker
        try:
            await self._processor.handle_message(asked)
        finally:
            tracker = self._trackers.held.pop(conversation)
        _check(replies, parsed)
        self._forget(tracker, message)
        handoff = tracker.get_slot(HANDOFF)
        if handoff:
            tracker.update(SlotSet(HANDOFF, None), self._domain)
        decided = _understood(parsed)
        if decided.decision is Decision.ANSWER:
            if about == decided.labels[0]:
                replies.replies.append(self._again(tracker))
            tracker.update(SlotSet(ABOUT, decided.labels[0]), self._domain)
        if loop and decided.decision is not Decision.ANSWER:
            # What a procedure heard was for the procedure, whatever it would mean elsewhere.
            decided = replace(decided, decision=Decision.ACTION, labels=(loop.removesuffix("_form"),))
        return Turn(
            replies=tuple(replies.replies),
            state=memory.dump(tracker),
            decision=decided.decision,
            labels=decided.labels,
            confidence=decided.confidence,
            awaits_code=_awaits_code(tracker),
            handoff=Reason(handoff) if handoff else None,
        )

    def _again(self, tracker: DialogueStateTracker) -> Reply:
        """What is said below an answer that was the last one, too: it did not help. A yes takes its offer."""
        tracker.update(SlotSet(OFFER, HANDOFF), self._domain)
        return self.sentence("utter_again")

    def _forget(self, tracker: DialogueStateTracker, message: str) -> None:
        """A fleeting slot stays only if the turn of `message` set it."""
        forgotten = {name for name in FLEETING if tracker.get_slot(name)}
        for event in reversed(tracker.events):
            if isinstance(event, SlotSet):
                forgotten.discard(event.key)
            elif isinstance(event, UserUttered) and event.message_id == message:
                break
        for name in forgotten:
            tracker.update(SlotSet(name, None), self._domain)

    def _hear(self, waiting: Waiting, offered: Sequence[str], about: str | None, *, free: bool) -> dict[str, Any]:
        """
        What a button stands for, pressed or named by its place among several.

        Of another message, and of a button whose entry is no more, what its text means; `free`: in no procedure.
        """
        place = find_place(waiting.text, len(offered)) if len(offered) > 1 else None
        choice = f"/{offered[place]}" if waiting.choice is None and place is not None else waiting.choice
        if choice:
            parsed = payload.parse(choice, waiting.text)
            (label,) = parsed["decision"]["labels"]
            if "/" not in label or f"utter_{label}" in self._domain.responses:
                return parsed
        with part("understand"):
            parsed = self._in_context(waiting.text, self._parse(waiting.text), about)
        return self._with_number(waiting.text, parsed) if free else parsed

    def _with_number(self, text: str, parsed: dict[str, Any]) -> dict[str, Any]:
        """A ticket's number says more than small talk, a doubt and an entry, but less than another wish."""
        heard = _understood(parsed)
        is_wish = heard.decision is Decision.ACTION and heard.labels[0] not in SMALLTALK
        return parsed if is_wish or not number_in(text) else parsed | payload.action("ticket_status")

    def _in_context(self, text: str, parsed: dict[str, Any], about: str | None) -> dict[str, Any]:
        """What a text means after an answer from the entry `about`."""
        alone = _understood(parsed)
        entry = alone.labels[0] if alone.decision is Decision.ANSWER else None
        if not about or (not entry and alone.confidence >= SURE):
            return parsed
        meant = find_meant(text, about, self._known, entry)
        return parsed | payload.answer(meant) if meant else parsed

    def understand(self, text: str, about: str | None = None) -> Understood:
        """What the bot would take `text` for, with no turn taken; `about` is the entry of the answer before it."""
        return _understood(self._with_number(text, self._in_context(text, self._parse(text), about)))

    @property
    def labels(self) -> frozenset[str]:
        """Every label that a text may get: `faq/<slug>` and intents."""
        entries = {name.removeprefix("utter_") for name in self._domain.responses if "/" in name}
        intents = set(self._domain.intents) - set(DEFAULT_INTENTS) - {RETRIEVAL_INTENT, CLARIFY}
        return frozenset(entries | intents | {OUT_OF_SCOPE})

    def sentence(self, name: str) -> Reply:
        """See `bot.conversations.ports.Dialogue.sentence`; raises KeyError for an unknown name."""
        response = self._domain.responses[name][0]
        buttons = tuple(Button(button["title"], button["payload"]) for button in response.get("buttons", ()))
        return Reply(response["text"], buttons)

    def title(self, label: str) -> str:
        """See `bot.conversations.ports.Dialogue.title`."""
        variants = self._domain.responses.get(f"utter_{label}") or [{}]
        title: str = variants[0].get("metadata", {}).get("title", label)
        return title

    def suggest(self, text: str, n: int) -> Sequence[Suggestion]:
        """See `bot.conversations.ports.Dialogue.suggest`."""
        return [self._suggestion(**entry) for entry in self._parse(text)["entries"][:n]]

    def _suggestion(self, name: str, confidence: float) -> Suggestion:
        response = self._domain.responses[f"utter_{name}"][0]
        return Suggestion(name, response["metadata"]["title"], response["text"], confidence)

    def _parse(self, text: str) -> dict[str, Any]:
        message = UserMessage(text)
        # Rasa takes a leading slash for a command that bypasses the NLU; from outside it is text.
        message.text = text.lstrip("/ ") or "?"
        parsed: dict[str, Any] = self._processor._parse_message_with_graph(message, tracker=None)
        self._processor._update_full_retrieval_intent(parsed)
        return parsed | {"text": text}


def _awaits_code(tracker: DialogueStateTracker) -> bool:
    """Whether the active procedure asked for the proof."""
    if not tracker.active_loop_name:
        return False
    draft = tracker.get_slot(tracker.active_loop_name.removesuffix("_form")) or {}
    return bool(draft.get("asked") == "proof")


def _check(replies: Replies, parsed: Mapping[str, Any]) -> None:
    """Raises TurnError when it is no turn, and UnavailableError when it would have been one."""
    message = parsed["message_id"]
    if isinstance(replies.failure, UnavailableError):
        raise replies.failure
    if replies.failure is not None:
        raise TurnError(f"An action failed on message {message}: {replies.failure!r}.") from replies.failure
    if not replies.replies:
        raise TurnError(f"No rule answers {parsed['intent']['name']!r} (message {message}): see data/rules.")


def _understood(parsed: dict[str, Any]) -> Understood:
    decision = parsed["decision"]
    return Understood(
        intent=parsed["intent"]["name"],
        decision=Decision(decision["kind"]),
        labels=tuple(decision["labels"]),
        confidence=decision["confidence"],
    )
