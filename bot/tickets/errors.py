"""What can go wrong when a ticket system is asked."""

from bot.errors import PostboteError


class TicketSystemError(PostboteError):
    """
    The ticket system refused or did not answer.

    After `final` nothing is gained by trying again: it said that the request is wrong, or who we are.
    Otherwise it may even have done what it was asked.
    """

    code = "ticket_system"

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final
