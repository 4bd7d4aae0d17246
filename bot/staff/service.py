"""The desk's people, as the desk and the commands work with them."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.staff.ports import Agents
from bot.staff.sessions import Sessions


@dataclass(frozen=True)
class Staff:
    """The parts, by name."""

    agents: Agents
    sessions: Sessions
    clock: Clock
