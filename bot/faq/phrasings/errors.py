"""What can go wrong while phrasings are drafted, by name."""

from bot.errors import PostboteError


class ChatError(PostboteError):
    """The endpoint gave no answer to work with; the next entry would fare no better."""

    code = "phrasings_chat"

    def __init__(self, problem: str, remedy: str, *, is_passing: bool = False, pause: float = 0.0) -> None:
        """`problem` without a full stop. `is_passing`: worth another attempt, after `pause` seconds if it says so."""
        self.problem = problem
        self.is_passing = is_passing
        self.pause = pause
        super().__init__(f"{problem}. {remedy}")


class NoDraftsError(PostboteError):
    """Nothing usable came for this entry; the next one may fare better."""

    code = "phrasings_none"
