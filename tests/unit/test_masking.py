"""Personal data in texts that operators read."""

import pytest

from bot.masking import mask


@pytest.mark.parametrize(
    "text",
    [
        "anna@lindenpost.example",
        "GET /mailboxes/anna%40lindenpost.example/quota",
        "<anna.brandt+x@post.example>: 550 no such user",
        "postgresql://reader:kennwort@db.example/mail",
        "@anna:matrix.example",
        "+49 171 1234567",
        "0171/123 45 67",
        "(0731) 12 34 56",
        "4915112345678",
        "123456",
        "123 456",
        "123-456",
        "DE44 5001 0517 5407 3249 31",
    ],
)
def test_what_is_about_somebody_goes(text: str) -> None:
    """Nothing of it is left, wherever it stands."""
    masked = mask(f"failed: {text}, try again")
    assert "[" in masked
    for part in ("anna", "kennwort", "123", "171", "49", "5407"):
        if part in text:
            assert part not in masked


@pytest.mark.parametrize(
    "text",
    [
        "3c392afa-0311-4372-8426-b306108d74b0",
        "12345678-1234-1234-1234-123456789012",
        "2026-11-24T12:01:25.702847Z",
        "2026-11-24 12:01:25,702",
        "HTTP status 404 on port 8080 after 20 attempts",
        "0.123456789 s",
        "version 1f0c2a9b3344aa",
        "T-JNNHWB2M",
        "Zeile 12345",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    """Ids, times, figures."""
    assert mask(text) == text
