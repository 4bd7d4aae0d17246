"""
Take turns: those of one conversation in order, those of different ones side by side.

Road: conversations.intake → here → dialogue.engine → here → one transaction → conversations.delivery.
"""

import asyncio
import functools
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

import structlog

from bot.conversations.bus import Bus, Payload
from bot.conversations.model import SUSPECT_AFTER, Author, Decision, Message, Reason, Turn, Waiting
from bot.conversations.ports import Conversations, Dialogue, Reception
from bot.conversations.shares import Shares
from bot.conversations.teller import Teller
from bot.errors import UnavailableError
from bot.meter import UNMETERED, Meter, Stop
from bot.tracing import CHANNEL, CONVERSATION, MESSAGE, UNTRACED, About, Kind, Span, Tracer, part

MOST_DEATHS = 4
"""A message whose turn killed so many processes, the last two of them alone, gets an apology and not another try."""
REMEMBERED = 1000
"""Turns whose replies are kept for callers that ask a moment too late."""

PATIENCE = 1.0
"""Seconds after which a worker looks after what another one should have taken: it may have died."""
PAUSE_AFTER_FAULT = 2.0
"""Seconds until a conversation is looked at again whose turn could not be taken, or not be written."""

FAILED = ("failed",)
"""Labels of a turn that got an apology."""

WAITING, DONE = "waiting", "done"
"""Topics of the bus: a conversation has a message that waits; a message's turn is over."""

T = TypeVar("T")

log = structlog.get_logger(stop="turn")


class Turns:
    """The worker: takes the turn of every accepted message once, and writes it in one transaction."""

    def __init__(  # noqa: PLR0913 -- `bus` and `works` are of one thing, and who counts is no part of the road
        self,
        conversations: Conversations,
        dialogue: Dialogue,
        teller: Teller,
        reception: Reception,
        bus: Bus | None = None,
        *,
        shares: Shares | None = None,
        meter: Meter = UNMETERED,
        tracer: Tracer = UNTRACED,
    ) -> None:
        """With a `bus`, other processes take turns, too; this one leaves them all to those unless it has `shares`."""
        self._conversations = conversations
        self._dialogue = dialogue
        self._teller = teller
        self._reception = reception
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._trial = asyncio.Lock()
        self._tried: set[int] = set()
        self._replies: OrderedDict[int, Sequence[Message]] = OrderedDict()
        self._told: OrderedDict[int, None] = OrderedDict()
        self._asked: dict[int, asyncio.Future[Sequence[Message]]] = {}
        self._bus = bus
        self._shares = shares
        self._left: dict[str, asyncio.TimerHandle] = {}
        self._meter = meter
        self._tracer = tracer
        self._looking: set[asyncio.Task[None]] = set()
        if bus:
            bus.hear(DONE, self._hear_done)
            bus.when_back(self._look_for_all)
            if shares:
                bus.hear(WAITING, functools.partial(self._hear_waiting, shares))

    async def recover(self) -> None:
        """Take up what the last process left: accepted, and not done."""
        await self._conversations.count_deaths()
        await self.look()

    async def look(self) -> None:
        """The net below the bus: take up what waits and nobody has taken up; answer those who wait for what is done."""
        self._look_for_all()
        if self._shares or not self._bus:
            for conversation in await self._conversations.unfinished():
                self.wake(conversation)

    def wake(self, conversation: str, next: Waiting | None = None) -> None:
        """The conversation has a new message; `next` is that, if it is known that no other is to be taken before."""
        if self._bus and not self._shares:
            self._bus.publish(WAITING, {"conversation": conversation})
            return
        if conversation in self._tasks:
            self._woken.add(conversation)
        else:
            self._tasks[conversation] = asyncio.create_task(self._run(conversation, next))

    def _hear_waiting(self, shares: Shares, heard: Payload) -> None:
        """It is for one of the workers; the others look after it only if that one does not."""
        conversation = heard["conversation"]
        if shares.is_mine(conversation):
            self.wake(conversation)
        else:
            self._take_up_later(conversation, PATIENCE)

    def _take_up_later(self, conversation: str, pause: float) -> None:
        if conversation not in self._left:
            loop = asyncio.get_running_loop()
            self._left[conversation] = loop.call_later(pause, self._take_up, conversation)

    def _take_up(self, conversation: str) -> None:
        del self._left[conversation]
        self.wake(conversation)

    async def replies(self, message: int, *, again: bool = True) -> Sequence[Message]:
        """The replies of the message's turn, as soon as it is written; `again`: that may have been long ago."""
        if message in self._replies:
            return self._replies[message]
        future = self._asked.setdefault(message, asyncio.get_running_loop().create_future())
        if self._bus and (again or message in self._told):
            await self._look(message)
        # Shielded, because several may wait for the same turn and one may give up.
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Let the turns that are under way finish; others stay in the store for the next start."""
        self._woken.clear()
        for timer in self._left.values():
            timer.cancel()
        await asyncio.gather(*self._tasks.values(), *self._looking, return_exceptions=True)

    async def _run(self, conversation: str, next: Waiting | None) -> None:
        try:
            while waiting := next or await self._conversations.next_waiting(conversation):
                next = None
                await self._take(waiting)
                if waiting.is_alone:
                    break  # whatever came after it has woken us
        except UnavailableError as error:
            log.warning("turn waits for the database", conversation=conversation, error=error.reason)
            self._take_up_later(conversation, PAUSE_AFTER_FAULT)
        except Exception:
            # The edge: nobody waits for this task, and the customer would get silence.
            log.exception("turn not written", conversation=conversation)
            self._take_up_later(conversation, PAUSE_AFTER_FAULT)
        finally:
            del self._tasks[conversation]
            if conversation in self._woken:
                self._woken.discard(conversation)
                self.wake(conversation)

    async def _take(self, waiting: Waiting) -> None:
        with structlog.contextvars.bound_contextvars(conversation=waiting.conversation, message=waiting.message):
            if waiting.deaths < SUSPECT_AFTER or self._is_guilty(waiting):
                await self._trace(waiting)
            else:
                await self._try_alone(waiting)

    async def _try_alone(self, waiting: Waiting) -> None:
        """Processes died twice with its turn under way, and with its neighbours'; this shows whose fault it is."""
        async with self._trial:
            if waiting.message not in self._tried:
                await self._conversations.try_alone(waiting)
                self._tried.add(waiting.message)
            await self._trace(waiting)
            self._tried.discard(waiting.message)

    def _is_guilty(self, waiting: Waiting) -> bool:
        """What is on trial in this process, and is taken anew because the database was away, has killed nobody yet."""
        return waiting.deaths >= MOST_DEATHS and waiting.message not in self._tried

    async def _trace(self, waiting: Waiting) -> None:
        if waiting.at:
            self._tracer.waited("wait", waiting.at, waiting.traceparent)
        about: About = {CONVERSATION: waiting.conversation, MESSAGE: waiting.message, CHANNEL: waiting.channel}
        with self._tracer.begin("turn", Kind.CONSUMER, about, parent=waiting.traceparent) as span:
            await self._take_traced(waiting, span)

    async def _take_traced(self, waiting: Waiting, span: Span) -> None:
        began = time.perf_counter()
        self._teller.typing(waiting.conversation, Author.BOT, on=True)
        turn = await self._respond(waiting)
        with part("store"):
            replies = await self._conversations.finish(waiting, turn)
        if replies is None:
            self._teller.typing(waiting.conversation, Author.BOT, on=False)
            replies = await self._conversations.find_replies(waiting.message)
            log.warning("turn was written before" if replies is not None else "turn is taken anew, or erased")
            if replies is None:
                self._woken.add(waiting.conversation)
                return
        else:
            self._teller.said(waiting.conversation, replies)
            if turn.handoff:
                await self._teller.changed(waiting.conversation)
            if turn.labels == FAILED:
                span.fail("failed")
            span.tell({"postbote.decision": turn.decision, "postbote.labels": " ".join(turn.labels)})
            self._meter.turned("failed" if turn.labels == FAILED else turn.decision)
            self._meter.passed(Stop.TURN, time.perf_counter() - began)
            log.info("turn", decision=turn.decision, labels=turn.labels, confidence=round(turn.confidence, 3))
        self._remember(waiting, replies)

    async def _respond(self, waiting: Waiting) -> Turn:
        if self._is_guilty(waiting):
            log.error("gave up: the processes that took this turn died", deaths=waiting.deaths)
            return await self._apology(waiting)
        try:
            return await self._dialogue.respond(waiting)
        except UnavailableError:
            # Not the message's fault, and soon over: no reason for an apology, which could not be written either.
            raise
        except Exception:
            log.exception("turn failed")
            return await self._apology(waiting)

    async def _apology(self, waiting: Waiting) -> Turn:
        """People take over, if there are any now; else the customer is told what to do."""
        people = await self._reception.is_open(waiting.conversation)
        reply = self._dialogue.sentence("utter_turn_failed_called" if people else "utter_turn_failed")
        reason = Reason.ENGINE if people else None
        return Turn((reply,), waiting.state, Decision.DECLINE, FAILED, 0.0, handoff=reason)

    def _remember(self, waiting: Waiting, replies: Sequence[Message]) -> None:
        _put(self._replies, waiting.message, replies)
        self._answer(waiting.message, replies)
        if self._bus:
            self._bus.publish(DONE, {"message": waiting.message, "conversation": waiting.conversation})

    def _answer(self, message: int, replies: Sequence[Message]) -> None:
        future = self._asked.pop(message, None)
        if future and not future.done():
            future.set_result(replies)

    def _hear_done(self, heard: Payload) -> None:
        if timer := self._left.pop(heard.get("conversation", ""), None):
            timer.cancel()
        # For whoever asks a moment too late.
        _put(self._told, heard["message"], None)
        self._look_soon(heard["message"])

    def _look_for_all(self) -> None:
        """What was done while the bus was away was told to nobody."""
        for message in list(self._asked):
            self._look_soon(message)

    def _look_soon(self, message: int) -> None:
        if message in self._asked:
            task = asyncio.create_task(self._look_or_wait(message))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def _look_or_wait(self, message: int) -> None:
        # While the database is away, the next look is soon enough.
        with suppress(UnavailableError):
            await self._look(message)

    async def _look(self, message: int) -> None:
        replies = await self._conversations.find_replies(message)
        if replies is not None:
            self._answer(message, replies)


def _put(remembered: OrderedDict[int, T], message: int, value: T) -> None:
    remembered[message] = value
    if len(remembered) > REMEMBERED:
        remembered.popitem(last=False)
