"""Another model takes the place of the one in use, and no conversation notices."""

import asyncio
import gc
import json
import shutil
import weakref
from pathlib import Path

import pytest

from bot.conversations.model import Decision, Waiting
from bot.dialogue.live import LiveDialogue, UnusableModelError
from bot.dialogue.training import ensure_model, fingerprint
from tests.conftest import PROJECT

pytestmark = pytest.mark.slow

ENTRY = """
## Wie groß darf ein Anhang sein? {#attachment-size}
- maximale größe anhang

Ein Anhang darf bis zu 50 MB groß sein.
"""
QUESTION = "Wie groß darf ein Anhang sein?"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for models of its own."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def old(models: Path, model: Path) -> str:
    """The project's own version."""
    shutil.copy(model, models)
    return model.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def new(models: Path) -> str:
    """A version with an entry more."""
    faq = Path(shutil.copytree(PROJECT / "data" / "faq", models / "faq"))
    with (faq / "mailbox.md").open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    ensure_model(PROJECT, models, faq, report=print)
    return fingerprint(PROJECT, faq)


@pytest.fixture
def live(models: Path, old: str) -> LiveDialogue:
    """With the old model in use."""
    return LiveDialogue.load(models, old)


def said(message: int, text: str, state: str | None = None, choice: str | None = None) -> Waiting:
    """A message in one conversation."""
    return Waiting("talk", message, "web", text, choice, state)


async def test_the_next_turn_is_the_new_model_s(live: LiveDialogue, new: str) -> None:
    """And it knows what the conversation remembers: what was offered before is taken by a "ja"."""
    before = await live.respond(said(1, QUESTION))
    assert before.decision is Decision.DECLINE
    memory = json.loads(before.state or "")
    memory["slots"]["of_an_older_release"] = 1
    await live.switch(new)
    assert live.version == new
    answered = await live.respond(said(2, QUESTION))
    assert answered.labels == ("faq/attachment-size",)
    assert "50 MB" in answered.replies[0].text
    accepted = await live.respond(said(3, "ja", json.dumps(memory)))
    assert accepted.replies[0].text == live.sentence("utter_handoff").text


async def test_a_turn_under_way_ends_as_it_began(live: LiveDialogue, new: str) -> None:
    """Fifty conversations ask all the time; each turn is answered once, by the one model or the other."""
    over = asyncio.Event()

    async def converse() -> list[str]:
        state, labels = None, []
        while not over.is_set():
            turn = await live.respond(said(len(labels), "was ist imap", state))
            state = turn.state
            labels += turn.labels
            await asyncio.sleep(0)
        return labels

    talks = [asyncio.create_task(converse()) for _ in range(50)]
    await live.switch(new)
    over.set()
    answers = await asyncio.gather(*talks)
    assert all(answers)
    assert {label for labels in answers for label in labels} == {"faq/imap"}


async def test_the_old_model_is_freed(live: LiveDialogue, new: str) -> None:
    """Else each publication would cost memory for ever."""
    await live.respond(said(1, "was ist imap"))
    before = weakref.ref(live._dialogue)
    await live.switch(new)
    gc.collect()
    assert before() is None


async def test_a_model_that_cannot_be_used_changes_nothing(live: LiveDialogue, models: Path, old: str) -> None:
    """Missing or broken: the one in use goes on."""
    (models / "broken.tar.gz").write_bytes(b"no model")
    for version in ("missing", "broken"):
        with pytest.raises(UnusableModelError, match=version):
            await live.switch(version)
    assert live.version == old
    assert (await live.respond(said(1, "was ist imap"))).labels == ("faq/imap",)


async def test_a_button_whose_entry_is_no_more_is_read_as_text(live: LiveDialogue) -> None:
    """The model that offered it had the entry, the one that was brought back has not: never silence."""
    turn = await live.respond(said(1, "Was ist IMAP?", choice="/faq/attachment-size"))
    assert turn.labels == ("faq/imap",)
