"""Channels beside the widget and REST, and what customers attach."""

from typing import Literal

from pydantic import BaseModel, Field


class ChannelSettings(BaseModel):
    """See the descriptions."""

    channels: tuple[str, ...] = Field(
        (),
        description='Channels beside the widget and REST, as JSON: ["telegram", "email"]; each has own settings, '
        "see docs/channels.md and python -m bot channels.",
    )
    channels_timeout: float = Field(15.0, gt=0, le=60, description="Seconds that a vendor has for an answer.")
    attachments: Literal["refuse", "keep"] = Field(
        "refuse", description="What customers attach: refused with a polite sentence, or kept for the desk."
    )
    attachments_types: tuple[str, ...] = Field(
        ("image/png", "image/jpeg", "application/pdf", "text/plain"),
        description="Types that are kept; by what the file is, not by its name.",
    )
    attachments_largest: int = Field(5_000_000, ge=1, le=50_000_000, description="Bytes that one may have.")
