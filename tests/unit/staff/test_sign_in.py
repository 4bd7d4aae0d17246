"""Signing in, where it cannot be seen from outside."""

from datetime import datetime

import pytest
from argon2 import PasswordHasher

from bot.staff.errors import WrongPasswordError
from bot.staff.model import Agent, Role
from bot.staff.passwords import Passwords, make_password
from bot.staff.sign_in import SignIn

CHEAP = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class CountingHasher(PasswordHasher):
    """Knows how often it compared."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=1024, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # the library's name
        """As the library's."""
        self.compared += 1
        return super().verify(hash, password)


class OneAgent:
    """The port `Agents`, as far as signing in asks for it."""

    def __init__(self, active: bool, stored: str | None) -> None:
        agent = Agent(1, "berger@b.example", "Frau Berger", Role.AGENT, (), 4, "de", active, False, None)
        self._known = (agent, stored)

    async def find_with_password(self, login: str) -> tuple[Agent, str | None] | None:
        """See the port."""
        return self._known if login == self._known[0].login else None


class NoTries:
    """The port `Tries`, which never locks."""

    async def begin(self, login: str) -> datetime | None:
        """See the port."""
        return None


@pytest.mark.parametrize(
    ("login", "active", "has_password"),
    [
        ("berger@b.example", True, True),
        ("berger@b.example", False, True),
        ("berger@b.example", True, False),
        ("niemand@b.example", True, True),
    ],
)
async def test_every_refusal_costs_one_comparison(login: str, active: bool, has_password: bool) -> None:
    """So that the time tells nothing about accounts either."""
    hasher = CountingHasher()
    stored = hasher.hash("drei müde Füchse") if has_password else None
    sign_in = SignIn(OneAgent(active, stored), NoTries(), Passwords(hasher), None)
    with pytest.raises(WrongPasswordError):
        await sign_in.check(login, "falsch")
    assert hasher.compared == 1


async def test_what_is_no_digest_is_a_wrong_password() -> None:
    """Such as one that somebody wrote into the table by hand."""
    assert not await Passwords(CHEAP).is_right("geheim", "geheim")


def test_made_passwords_differ() -> None:
    """And can be read out."""
    made = {make_password() for _ in range(100)}
    assert len(made) == 100
    assert all(set(password) <= set("abcdefghjkmnpqrstuvwxyz23456789-") for password in made)
