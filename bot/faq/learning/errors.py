"""What can go wrong with learning, by name."""

from bot.errors import PostboteError


class JobUnderWayError(PostboteError):
    """One publication at a time."""

    code = "job_under_way"

    def __init__(self) -> None:
        super().__init__("A publication is under way. Wait for its end, then publish again.")


class UnknownQuestionError(PostboteError):
    """A message that is no customer's, or not there."""

    code = "unknown_question"

    def __init__(self, message: int) -> None:
        super().__init__(f"There is no question {message}. Load the inbox again.")


class NoPreviousError(PostboteError):
    """There is no model to bring back."""

    code = "no_previous"

    def __init__(self) -> None:
        super().__init__(
            "The model before is not there any more, or never was. POSTBOTE_KEPT_MODELS says how many are kept."
        )


class RefusedError(PostboteError):
    """The new model did worse."""

    code = "refused"


class WorkshopError(PostboteError):
    """Training or measuring a model failed."""

    code = "workshop"
