"""Signatures of Standard Webhooks."""

from datetime import UTC, datetime

import pytest

from bot.signing import Signer

AT = datetime.fromtimestamp(1614265330, UTC)
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_signature_is_that_of_the_reference_implementation() -> None:
    """Made with the package `standardwebhooks` 1.1.0."""
    headers = Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").headers(ID, AT, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_plain_secret_is_taken_as_it_is() -> None:
    """The same bytes, the same signature."""
    plain = Signer("geheimnis").headers(ID, AT, b"{}")
    assert plain == Signer("whsec_Z2VoZWltbmlz").headers(ID, AT, b"{}")


def test_a_secret_that_is_no_base64_is_refused() -> None:
    """Whoever wrote the prefix meant base64."""
    with pytest.raises(ValueError, match="no base64"):
        Signer("whsec_geheim!")
