"""The one spelling of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mailboxes.address import is_address, normalise_address
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Anna@Lindenpost.example", "anna@lindenpost.example"),
        ("  anna@lindenpost.example\n", "anna@lindenpost.example"),
        ("anna.brandt+spam_2@mail.lindenpost.example", "anna.brandt+spam_2@mail.lindenpost.example"),
        ("info@Müller.de", "info@xn--mller-kva.de"),
        ("info@xn--mller-kva.de", "info@xn--mller-kva.de"),
        ("info@straße.de", "info@xn--strae-oqa.de"),
    ],
)
def test_one_spelling(text: str, address: str) -> None:
    """Lower case, no space around it, the domain as servers know it."""
    assert normalise_address(text) == address


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_no_hoster_gives_out_is_no_address(text: str) -> None:
    """It is refused, never repaired into somebody's address."""
    assert normalise_address(text) is None
    assert not is_address(text)


@given(st.text(alphabet=st.sampled_from("aÄß@.-_+*?%'\"\\ \n\x00ıK。１"), max_size=20))
def test_what_is_an_address_stays_it(text: str) -> None:
    """Whatever comes out is an address, in plain characters, and in its one spelling."""
    address = normalise_address(text)
    if address is not None:
        assert is_address(address)
        assert normalise_address(address) == address
        assert set(address) <= set("abcdefghijklmnopqrstuvwxyz0123456789@._+-")
