"""
The dialogue that is in use, and how another model takes its place while conversations go on.

Road: conversations.turn → here → dialogue.engine.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import structlog

from bot.conversations.model import Reply, Suggestion, Turn, Waiting
from bot.dialogue.engine import RasaDialogue
from bot.dialogue.training import model_file
from bot.errors import PostboteError

log = structlog.get_logger(stop="model")


class UnusableModelError(PostboteError):
    """A model's file is missing, or the model in it cannot answer."""

    code = "unusable_model"


class LiveDialogue:
    """
    The port `bot.conversations.ports.Dialogue`, on a model that can be changed at any time.

    A turn goes on to its end with the model that it began with, which is freed after the last such turn.
    """

    def __init__(self, models: Path, version: str, dialogue: RasaDialogue) -> None:
        self._models = models
        self._version = version
        self._dialogue = dialogue

    @classmethod
    def load(cls, models: Path, version: str) -> Self:
        """Load the version's file from the folder of models. Raises UnusableModelError."""
        return cls(models, version, _load(model_file(models, version)))

    @property
    def version(self) -> str:
        """Of the model in use."""
        return self._version

    async def respond(self, waiting: Waiting) -> Turn:
        """See the port."""
        return await self._dialogue.respond(waiting)

    def sentence(self, name: str) -> Reply:
        """See the port."""
        return self._dialogue.sentence(name)

    def title(self, label: str) -> str:
        """See the port."""
        return self._dialogue.title(label)

    def suggest(self, text: str, n: int) -> Sequence[Suggestion]:
        """See the port."""
        return self._dialogue.suggest(text, n)

    async def prepare(self, version: str) -> Callable[[], None]:
        """
        Load another version while this one goes on answering; what is returned puts it to use, at once.

        Raises UnusableModelError when it is missing, cannot be read or gives no answer.
        """
        started = time.monotonic()
        dialogue = await asyncio.to_thread(_load, model_file(self._models, version))
        log.info("model loaded", version=version, seconds=round(time.monotonic() - started, 1))

        def use() -> None:
            self._version, self._dialogue = version, dialogue
            log.info("model in use", version=version)

        return use

    async def switch(self, version: str) -> None:
        """`prepare`, and use it."""
        use = await self.prepare(version)
        use()


def _load(model: Path) -> RasaDialogue:
    """A dialogue that has answered once, so that no customer waits for what is made at the first answer."""
    if not model.is_file():
        raise UnusableModelError(f"There is no model at {model}. Train one: make train")
    try:
        dialogue = RasaDialogue.load(model)
        entry = min(label for label in dialogue.labels if "/" in label)
        dialogue.understand("Guten Tag")
        asyncio.run(dialogue.respond(Waiting("warm-up", 0, "warm-up", "", choice=f"/{entry}", state=None)))
    except Exception as error:
        # Whatever Rasa or numpy make of a file that is broken or of another release.
        raise UnusableModelError(f"The model {model} cannot be used: {error!r}. Delete it and train again.") from error
    _settle()
    return dialogue


def _settle() -> None:
    """
    Take what is loaded for good out of the garbage collector's rounds.

    Rasa and a model are 250,000 objects; to walk them held up all turns for 0.1 s, every 400 messages.
    What a model leaves behind that is no longer in use is collected here, when the next one is loaded.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
