"""What a process is there for, where several share the work."""

from enum import StrEnum


class Role(StrEnum):
    """All of it, or one part."""

    ALL = "run"
    GATEWAY = "gateway"
    """The doors that customers and vendors come in by."""
    WORKER = "worker"
    """Takes turns; one of the workers also delivers."""
    DESK = "desk"
    """Agents' pages."""

    @property
    def works(self) -> bool:
        """Whether it takes turns, and may deliver."""
        return self in {Role.ALL, Role.WORKER}
