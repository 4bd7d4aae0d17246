"""What every platform of mailboxes does, in the same words: the demo, the hoster's tables, a real Dovecot."""

from datetime import UTC, datetime

import pytest

from bot.clock import now
from bot.mailboxes.errors import UnknownMailboxError
from bot.mailboxes.ports import Mailboxes
from tests.hostile import HOSTILE


async def test_the_quota_of_a_limited_mailbox(mailboxes: Mailboxes) -> None:
    """Used and total, in bytes, and when that was."""
    before = now()
    quota = await mailboxes.quota("anna@lindenpost.example")
    assert quota.share == pytest.approx(0.64, abs=0.005)
    assert quota.total in (1024**2, 5 * 1000**3, 5 * 1024**3)
    assert type(quota.used) is type(quota.total) is int
    assert before <= quota.at <= datetime.now(UTC)


async def test_a_mailbox_without_a_limit_has_no_total(mailboxes: Mailboxes) -> None:
    """And no share."""
    quota = await mailboxes.quota("david@lindenpost.example")
    assert quota.total is None
    assert quota.share is None
    assert quota.used >= 0


async def test_an_unknown_mailbox_is_said_to_be_unknown(mailboxes: Mailboxes) -> None:
    """As an error of its own: the platform works."""
    with pytest.raises(UnknownMailboxError):
        await mailboxes.quota("niemand@lindenpost.example")
    with pytest.raises(UnknownMailboxError):
        await mailboxes.quota("anna@anderswo.example")


async def test_the_contact_on_file(mailboxes: Mailboxes) -> None:
    """In its one spelling, whatever the spelling on file."""
    assert await mailboxes.find_contact("anna@lindenpost.example") == "anna.brandt@privat.example"


@pytest.mark.parametrize("name", ["frank", "niemand", "selma"])
async def test_no_contact(mailboxes: Mailboxes, name: str) -> None:
    """There is none on file, there is no such mailbox, or it is the mailbox itself: all the same."""
    assert await mailboxes.find_contact(f"{name}@lindenpost.example") is None


@pytest.mark.parametrize("address", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_address_selects_nobody(mailboxes: Mailboxes, address: str) -> None:
    """Even where a caller forgot to check it, and though Dovecot takes `*` for everybody."""
    with pytest.raises(UnknownMailboxError) as caught:
        await mailboxes.quota(address)
    assert "lindenpost" not in str(caught.value)
    assert await mailboxes.find_contact(address) is None


async def test_after_hostile_addresses_all_is_as_before(mailboxes: Mailboxes) -> None:
    """Nothing was dropped, and nobody is held off."""
    for address in HOSTILE:
        assert await mailboxes.find_contact(address) is None
    assert (await mailboxes.quota("anna@lindenpost.example")).share == pytest.approx(0.64, abs=0.005)


async def test_a_platform_that_works_answers_a_ping(mailboxes: Mailboxes) -> None:
    """It says nothing."""
    await mailboxes.ping()
    await mailboxes.close()
