"""What an editor's page sends: `change` in docs/desk-protocol.md, and what learning makes of it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.faq.check import LONGEST_ANSWER
from bot.faq.learning import model
from bot.faq.learning.privacy import mask
from bot.gateway.body import Number

MOST_CHANGES = 100
Messages = Annotated[list[Number], Field(min_length=1, max_length=1000)]
# Masked at the door, so that nothing behind it, be it a proposal, gets what a customer was careless with.
Masked = Annotated[str, AfterValidator(mask)]
Wordings = Annotated[list[Masked], Field(max_length=1000)]


class Shape(BaseModel):
    """Of every change."""

    model_config = ConfigDict(strict=True, extra="forbid")

    messages: Messages


class Phrasing(Shape):
    """A further way to ask an entry's question."""

    kind: Literal["phrasing"]
    label: str = Field(pattern="^faq/")
    wordings: Wordings | None = None

    def change(self) -> model.Change:
        """What learning does."""
        return model.Phrasing(tuple(self.messages), self.label, _tuple(self.wordings))


class Entry(Shape):
    """A new entry."""

    kind: Literal["entry"]
    topic: str
    slug: str
    question: Masked = Field(min_length=1, max_length=300)
    answer: str = Field(min_length=1, max_length=LONGEST_ANSWER)
    wordings: Wordings | None = None

    def change(self) -> model.Change:
        """What learning does."""
        return model.NewEntry(
            tuple(self.messages), self.topic, self.slug, self.question, self.answer, _tuple(self.wordings)
        )


class OutOfScope(Shape):
    """No question for the bot."""

    kind: Literal["out_of_scope"]
    wordings: Wordings | None = None

    def change(self) -> model.Change:
        """What learning does."""
        return model.OutOfScope(tuple(self.messages), _tuple(self.wordings))


class Ignore(Shape):
    """Nothing to learn."""

    kind: Literal["ignore"]

    def change(self) -> model.Change:
        """What learning does."""
        return model.Ignore(tuple(self.messages))


AnyChange = Annotated[Phrasing | Entry | OutOfScope | Ignore, Field(discriminator="kind")]


class Changes(BaseModel):
    """The request's body."""

    model_config = ConfigDict(strict=True, extra="forbid")

    changes: list[AnyChange] = Field(min_length=1, max_length=MOST_CHANGES)

    def all(self) -> list[model.Change]:
        """What learning does."""
        return [each.change() for each in self.changes]

    def __str__(self) -> str:
        """For the audit log."""
        return ", ".join(f"{each.kind} of {len(each.messages)}" for each in self.changes)


def _tuple(wordings: list[str] | None) -> tuple[str, ...] | None:
    return None if wordings is None else tuple(wordings)
