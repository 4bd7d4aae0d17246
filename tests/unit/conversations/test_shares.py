"""Several processes agree on whose a conversation is, without a word."""

from collections import Counter

import pytest

from bot.conversations.shares import Shares

CONVERSATIONS = [f"conversation {number}" for number in range(1000)]


def owners(*living: str) -> dict[str, str]:
    """Who takes each conversation, where these live; one each."""
    everybody = [(name, Shares(name)) for name in living]
    for _, shares in everybody:
        shares.living = living
    taken = [[name for name, shares in everybody if shares.is_mine(each)] for each in CONVERSATIONS]
    assert all(len(takers) == 1 for takers in taken)
    return {each: takers[0] for each, takers in zip(CONVERSATIONS, taken, strict=True)}


def test_each_has_about_as_many() -> None:
    """Of a thousand, among four."""
    assert all(count == pytest.approx(250, abs=60) for count in Counter(owners("a", "b", "c", "d").values()).values())


def test_who_leaves_gives_its_own_away_and_nobody_else_does() -> None:
    """What the others had stays theirs."""
    before, after = owners("a", "b", "c"), owners("a", "c")
    assert {each for each in CONVERSATIONS if before[each] != after[each]} == {
        each for each in CONVERSATIONS if before[each] == "b"
    }


def test_who_knows_of_nobody_takes_all() -> None:
    """Before the first sign of life."""
    assert all(Shares("a").is_mine(each) for each in CONVERSATIONS)
