"""The hoster's own tables, by two queries that the operator writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, TextClause, text

from bot.clock import Clock
from bot.mailboxes.address import is_address
from bot.mailboxes.errors import PlatformError, UnknownMailboxError
from bot.mailboxes.model import Quota
from bot.mailplatform.contact import find_usable_contact
from bot.mailplatform.reader import Reader

QUOTA_QUERY = "POSTBOTE_MAILBOXES_QUOTA_QUERY"
CONTACT_QUERY = "POSTBOTE_MAILBOXES_CONTACT_QUERY"


@dataclass(frozen=True)
class Queries:
    """What to ask; each has the parameter `:address`. Checked by `choose_mailboxes`."""

    quota: str
    """One row of two columns: bytes used, and bytes in total (null or 0 where nothing limits them)."""
    contact: str = ""
    """One row of one column, or none; without the query, nobody has a contact."""


class SqlMailboxes:
    """`Mailboxes` in tables. The address travels apart from the query, so it cannot become part of it."""

    def __init__(self, reader: Reader, queries: Queries, clock: Clock) -> None:
        self._reader = reader
        self._quota = text(queries.quota)
        self._contact = text(queries.contact) if queries.contact else None
        self._clock = clock

    async def quota(self, address: str) -> Quota:
        """See the port."""
        at = self._clock()
        if (row := await self._find_row(self._quota, address, QUOTA_QUERY)) is None:
            raise UnknownMailboxError("The tables have no such mailbox.")
        if len(row) != 2:
            raise PlatformError(f"{QUOTA_QUERY} selects {len(row)} columns; it must select used and total.")
        used, total = row
        return Quota(_as_bytes(used), _as_bytes(total) if total else None, at)

    async def find_contact(self, address: str) -> str | None:
        """See the port."""
        if self._contact is None or (row := await self._find_row(self._contact, address, CONTACT_QUERY)) is None:
            return None
        if not isinstance(row[0], str | None):
            raise PlatformError(f"{CONTACT_QUERY} selects a {type(row[0]).__name__}; it must select an address.")
        return find_usable_contact(address, row[0])

    async def ping(self) -> None:
        """See the port. The queries are run for an address that nobody can have, so that a wrong one is found now."""
        for query in (self._quota, self._contact):
            if query is not None:
                await self._select(query, "nobody@mailbox.invalid")

    async def close(self) -> None:
        """See the port."""
        await self._reader.close()

    async def _find_row(self, query: TextClause, address: str, setting: str) -> Sequence[Any] | None:
        if not is_address(address):
            return None
        rows = await self._select(query, address)
        if len(rows) > 1:
            raise PlatformError(f"{setting} finds several rows for one mailbox; none is shown. Make it select one.")
        return rows[0] if rows else None

    async def _select(self, query: TextClause, address: str) -> Sequence[Sequence[Any]]:
        def unit(connection: Connection) -> Sequence[Sequence[Any]]:
            # Two are enough to see that there is more than one.
            return connection.execute(query, {"address": address}).fetchmany(2)

        return await self._reader.read(unit)


def _as_bytes(value: Any) -> int:
    """PostgreSQL's SUM() is a Decimal. Null, text and what is negative are refused: 0 would be a guess."""
    if isinstance(value, int | Decimal) and value >= 0:
        return int(value)
    raise PlatformError(f"{QUOTA_QUERY} selects {value!r}; it must select bytes. COALESCE(…, 0) makes null 0.")
