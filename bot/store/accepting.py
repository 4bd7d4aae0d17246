"""Store what comes in; within a transaction."""

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, insert, select

from bot.clock import Clock
from bot.conversations.errors import TooManyError
from bot.conversations.holding import RETURNING
from bot.conversations.model import Accepted, Author, Holder, Incoming, Waiting
from bot.handoff.model import Outcome
from bot.identity.digests import Digests, mask
from bot.store.holding import BY_CUSTOMER, WAITING, Holding
from bot.store.messages import insert_row, next_seq
from bot.store.tables import codes, conversations, messages
from bot.tracing import traceparent

PEOPLES = frozenset({Holder.QUEUED, Holder.AGENT})

_of = and_(conversations.c.channel == bindparam("channel"), conversations.c.address == bindparam("address"))
FIND_CONVERSATION = select(conversations.c.id).where(_of)
_begin = insert(conversations)
_sent_codes = select(codes.c.digest).where(
    codes.c.conversation_id == bindparam("conversation"), codes.c.digest.is_not(None)
)
_here = messages.c.conversation_id == conversations.c.id
_last_word = select(func.max(messages.c.seq)).where(_here, BY_CUSTOMER).correlate(conversations).scalar_subquery()
_unasked = exists().where(
    _here, messages.c.seq > func.coalesce(_last_word, 0), ~BY_CUSTOMER, messages.c.answers.is_(None)
)
_same = messages.alias("same")
# All that is to be known of a conversation when a message comes, by one statement.
_find_place = (
    select(
        conversations.c.id,
        conversations.c.holder,
        conversations.c.state,
        conversations.c.awaits_code,
        conversations.c.edition,
        select(func.count()).where(_here, WAITING).correlate(conversations).scalar_subquery().label("waiting"),
        _unasked.correlate(conversations).label("has_news"),
        _same.c.id.label("message"),
        _same.c.seq,
        _same.c.done_at,
    )
    .outerjoin(
        _same,
        and_(_same.c.conversation_id == conversations.c.id, _same.c.channel_message_id == bindparam("message_id")),
    )
    .where(_of)
)


@dataclass(frozen=True)
class _Place:
    """Where a message comes to."""

    id: str
    holder: Holder = Holder.BOT
    state: str | None = None
    awaits_code: bool = False
    edition: int = 0
    waiting: int = 0
    has_news: bool = False


class Accepting:
    """Customers' messages, as rows."""

    def __init__(self, clock: Clock, holding: Holding, digests: Digests | None) -> None:
        self._clock = clock
        self._holding = holding
        self._digests = digests

    def begin(self, connection: Connection, channel: str, address: str) -> str:
        """The id of the address's conversation, which begins now if there is none."""
        key = {"channel": channel, "address": address}
        found: str | None = connection.scalar(FIND_CONVERSATION, key)
        return found or self._begin(connection, channel, address)

    def accept(self, connection: Connection, incoming: Incoming, payload: str | None, most_waiting: int) -> Accepted:
        """See `bot.conversations.ports.Conversations.accept`."""
        key = {"channel": incoming.channel, "address": incoming.address, "message_id": incoming.message_id}
        found = connection.execute(_find_place, key).first()
        if found and found.message is not None:
            return Accepted(found.id, found.message, found.seq, found.done_at is not None, again=True)
        place = _place(found) if found else _Place(self._begin(connection, incoming.channel, incoming.address))
        if place.waiting >= most_waiting:
            raise TooManyError(f"{most_waiting} messages of this conversation wait for an answer. Try again later.")
        return self._store(connection, incoming, payload, place)

    def _begin(self, connection: Connection, channel: str, address: str) -> str:
        now = self._clock()
        row = {"id": str(uuid.uuid4()), "holder": Holder.BOT, "last_seq": 0, "created_at": now, "updated_at": now}
        connection.execute(_begin, row | {"channel": channel, "address": address})
        return str(row["id"])

    def _store(self, connection: Connection, incoming: Incoming, payload: str | None, place: _Place) -> Accepted:
        now = self._clock()
        returned = self._to_bot(connection, place, payload)
        held = place.holder in PEOPLES and not returned
        text, digest = self._concealed(connection, place, incoming.text)
        seq = next_seq(connection, place.id, now)
        here = traceparent()
        row = {
            "conversation_id": place.id,
            "seq": seq,
            "author": Author.CUSTOMER,
            "text": text,
            "code_digest": None if held else digest,
            "channel_message_id": incoming.message_id,
            "choice": payload,
            "created_at": now,
            "traceparent": here,
            # What a person holds is for that person: no turn will be taken.
            "done_at": now if held else None,
        }
        stored = insert_row(connection, messages, row)
        turn = Waiting(
            conversation=place.id,
            message=stored,
            channel=incoming.channel,
            text=text,
            choice=payload,
            state=place.state,
            code_digest=digest,
            at=now,
            traceparent=here,
            is_alone=True,
            edition=place.edition,
        )
        return Accepted(
            place.id,
            stored,
            seq,
            done=held,
            returned=returned,
            text=text,
            has_news=place.has_news,
            turn=None if held or returned or place.waiting else turn,
        )

    def _to_bot(self, connection: Connection, place: _Place, payload: str | None) -> bool:
        """Whether the bot holds the conversation again, because the customer pressed the button, or after its end."""
        if place.holder is Holder.CLOSED:
            return self._holding.reopen(connection, place.id)
        if place.holder not in PEOPLES or payload not in RETURNING:
            return False
        return self._holding.end(connection, place.id, Outcome.LEFT)

    def _concealed(self, connection: Connection, place: _Place, text: str) -> tuple[str, str | None]:
        """The text as it is stored, and the digest of the code that it holds."""
        typed = self._digests.typed(place.id, text) if self._digests else ()
        if not typed:
            return text, None
        sent = set(connection.scalars(_sent_codes, {"conversation": place.id}))
        right = [each for each in typed if each.digest in sent]
        if place.awaits_code:
            return mask(text, typed), (right or typed)[0].digest
        # Nobody asked, but it is one: typed twice, or after the customer cancelled. Other numbers are left.
        return mask(text, right), None


def _place(row: Row[tuple[object, ...]]) -> _Place:
    return _Place(row.id, Holder(row.holder), row.state, row.awaits_code, row.edition, row.waiting, row.has_news)
