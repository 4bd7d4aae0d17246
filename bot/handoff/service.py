"""
What agents do with conversations: each act is written, then told to whom it concerns.

Road: bot.desk → here → one transaction of bot.store.handoffs → conversations.news and the outbox.
"""

from collections.abc import Callable, Sequence

import structlog

from bot.conversations.model import Author, Message, Reply
from bot.conversations.news import News, Noted
from bot.conversations.teller import Teller
from bot.handoff.model import Note, Person
from bot.handoff.ports import Handoffs, Transcripts

log = structlog.get_logger(stop="desk")


class Desk:
    """The acts of agents. The errors are those of bot.handoff.ports.Handoffs."""

    def __init__(
        self, handoffs: Handoffs, transcripts: Transcripts, teller: Teller, news: News, sentence: Callable[[str], Reply]
    ) -> None:
        """`sentence` gives a response of the domain."""
        self._handoffs = handoffs
        self._transcripts = transcripts
        self._teller = teller
        self._news = news
        self._sentence = sentence

    async def claim(self, conversation: str, person: Person) -> None:
        """Take a certain one, from the queue or from the bot. Claiming what one has does nothing."""
        notice = await self._handoffs.take(conversation, person, self._words("utter_agent_joined", person))
        if notice:
            await self._tell(conversation, [notice], "claimed", person)

    async def claim_next(self, person: Person) -> str | None:
        """Take the one that waits longest; None when nobody waits."""
        taken = await self._handoffs.take_next(person, self._words("utter_agent_joined", person))
        if taken is None:
            return None
        conversation, notice = taken
        await self._tell(conversation, [notice], "claimed", person)
        return conversation

    async def say(self, conversation: str, person: Person, key: str, text: str) -> Message:
        """Write to the customer; the same key again is the same message."""
        message, is_new = await self._handoffs.say(conversation, person, f"desk:{person.id}:{key}", text)
        if is_new:
            self._teller.said(conversation, [message])
        return message

    async def note(self, conversation: str, person: Person, text: str) -> Note:
        """For colleagues; the customer never sees it, and anybody at the desk may write one."""
        note = await self._transcripts.note(conversation, person, text)
        self._news.publish(conversation, Noted(note.id))
        return note

    def typing(self, conversation: str, *, on: bool) -> None:
        """The agent who holds it began or ceased to write."""
        self._teller.typing(conversation, Author.AGENT, on=on)

    async def hand(self, conversation: str, person: Person, receiver: Person) -> None:
        """To a colleague."""
        words = self._words("utter_agent_handed", person, colleague=receiver.name)
        notice = await self._handoffs.hand(conversation, person, receiver.id, words)
        await self._tell(conversation, [notice], "handed", person)

    async def queue(self, conversation: str, person: Person, group: str | None) -> None:
        """To a group, or to whoever comes first."""
        notice = await self._handoffs.queue(conversation, person, group, self._words("utter_agent_queued", person))
        await self._tell(conversation, [notice], "queued", person)

    async def give_back(self, conversation: str, person: Person) -> None:
        """To the bot."""
        notice = await self._handoffs.give_back(conversation, person, self._words("utter_agent_returned", person))
        await self._tell(conversation, [notice], "returned", person)

    async def close(self, conversation: str, person: Person, reason: str) -> None:
        """The end, with the question for a rating."""
        words = [self._words("utter_agent_closed", person), self._sentence("utter_how_satisfied")]
        notices = await self._handoffs.close(conversation, person, reason, words)
        await self._tell(conversation, notices, "closed", person)

    async def abandon(self, person: Person) -> None:
        """The agent has vanished: what they held goes back into the queue."""
        words = self._words("utter_agent_vanished", person)
        for conversation, notice in await self._handoffs.abandon(person.id, words):
            await self._tell(conversation, [notice], "abandoned", person)

    def _words(self, name: str, person: Person, **values: str) -> Reply:
        reply = self._sentence(name)
        return Reply(reply.text.format(agent=person.name, **values), reply.buttons)

    async def _tell(self, conversation: str, messages: Sequence[Message], act: str, person: Person) -> None:
        log.info(act, conversation=conversation, agent=person.id)
        self._teller.said(conversation, messages)
        await self._teller.changed(conversation)
