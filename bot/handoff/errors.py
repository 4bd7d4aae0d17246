"""Why an agent cannot do something with a conversation."""

from bot.errors import PostboteError


class UnknownConversationError(PostboteError):
    """There is none of that id."""

    code = "unknown_conversation"

    def __init__(self, conversation: str) -> None:
        super().__init__(f"There is no conversation {conversation}. It may have been deleted; look into the lists.")


class TakenError(PostboteError):
    """Somebody else was faster."""

    code = "taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has this conversation. Take another one, or ask for a transfer.")


class NotYoursError(PostboteError):
    """Only who holds a conversation may act in it."""

    code = "not_yours"

    def __init__(self) -> None:
        super().__init__("You do not hold this conversation. Claim it first.")


class NoSeatError(PostboteError):
    """An agent holds as many conversations as the account allows."""

    code = "no_seat"

    def __init__(self, seats: int) -> None:
        super().__init__(f"You hold {seats} conversations, which is all that your account allows. Close one first.")


class ClosedError(PostboteError):
    """It was closed."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__("This conversation is closed. It opens again when the customer writes.")


class UnknownReceiverError(PostboteError):
    """No such colleague or group, or the colleague cannot take anything."""

    code = "unknown_receiver"

    def __init__(self, receiver: str) -> None:
        super().__init__(f"{receiver} cannot take a conversation. Choose a colleague who is active, or a group.")
