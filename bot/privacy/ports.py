"""What a request about one person needs from others."""

from pathlib import Path
from typing import Any, Protocol

from bot.privacy.person import Person
from bot.privacy.report import Erased


class Erasure(Protocol):
    """Where customers' data is kept."""

    async def preview(self, person: Person) -> Erased:
        """What `erase` would do; nothing is changed."""

    async def erase(self, person: Person, mark: str, source: str) -> Erased:
        """
        Delete their conversations with all that hangs on them; put `mark` where others' rows name the address.

        May be run again, and beside servers; the database is to be compacted after it. Leaves an entry in the audit
        log, by `source`, that does not name them.
        """


class Dossier(Protocol):
    """All that is stored about one person."""

    async def collect(self, person: Person, files: Path | None) -> dict[str, Any]:
        """As JSON has it; what they attached goes into the folder `files`, else into the result (Base64)."""
