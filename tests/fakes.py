"""Stand-ins for the parts that a test does not mean."""

import asyncio

from bot.conversations.model import Button, Decision, Reply, Turn


class FakeDialogue:
    """
    Says back what it hears, counts its turns in the state, and does on command what a dialogue may do.

    `knöpfe` offers two buttons, `kaputt` raises, `zwei` says two things, `langsam` waits for `gate`.
    """

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.heard = asyncio.Event()
        """Set as soon as a turn has begun."""
        self.asked: list[str] = []

    async def respond(
        self, *, conversation: str, message: str, text: str, choice: str | None, state: str | None
    ) -> Turn:
        """See the class."""
        self.asked.append(text)
        self.heard.set()
        await asyncio.sleep(0)
        if text == "kaputt":
            raise RuntimeError("kaputt, as asked")
        if text == "langsam":
            await self.gate.wait()
        number = int(state or 0) + 1
        replies = [Reply(f"{number}: {choice or text}")]
        if text == "zwei":
            replies.append(Reply("und noch etwas"))
        if text == "knöpfe":
            replies = [Reply(f"{number}: Welcher?", (Button("Ja", "/affirm"), Button("Nein", "/deny")))]
        return Turn(tuple(replies), str(number), Decision.ANSWER, ("faq/echo",), 0.9)

    def sentence(self, name: str) -> Reply:
        """See the port."""
        return Reply("Entschuldigung, das hat nicht geklappt.")
