"""How long each kind of data is kept, what customers are told of it, and where an erasure looks."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

Days = Annotated[int, Field(ge=1, le=3650)]


class PrivacySettings(BaseModel):
    """Periods in days; bot.privacy.kinds says what each is counted from."""

    keep_conversations: Days = Field(
        90,
        description="Days that a conversation is kept after its last message, with all that hangs on it; an open "
        "hand-off or ticket keeps it longer.",
    )
    keep_tickets: Days = Field(90, description="Days that our copy of a ticket is kept after it was done or refused.")
    keep_open_tickets: Days = Field(
        365,
        description="Days without a change after which an open ticket counts as ended, as some ticket systems tell "
        "no states.",
    )
    keep_files: Days = Field(30, description="Days that what customers attached is kept.")
    keep_codes: Days = Field(7, description="Days that it is known who asked for a one-time code (never the code).")
    keep_proofs: Days = Field(
        90,
        description="Days that a proof of identity is kept after it ended and the last message of its conversation; by "
        "it an export or erasure knows whose the conversation is.",
    )
    keep_mails: Days = Field(7, description="Days that the recipient of a mail is kept after it was sent.")
    keep_deliveries: Days = Field(30, description="Days that it is known when a message reached its channel.")
    keep_dead_letters: Days = Field(30, description="Days that what could not be delivered may be tried again.")
    keep_events: Days = Field(30, description="Days that it is known when another system was told of a hand-off.")
    keep_contacts: Days = Field(
        90, description="Days that a channel's note about a customer is kept after their conversation is gone."
    )
    keep_ratings: Days = Field(90, description="Days that ratings and their comments are kept.")
    keep_proposals: Days = Field(90, description="Days that a proposed change of the FAQ waits for an admin.")
    keep_publications: Days = Field(
        365, description="Days that the texts which a publication changed are kept, so that it can be taken back."
    )
    keep_audit: Days = Field(365, description="Days that the audit log is kept.")
    keep_sign_ins: Days = Field(1, description="Days that ended sessions and wrong passwords of agents are kept.")
    privacy_url: str = Field(
        "",
        description="Your privacy policy, such as https://www.example.de/datenschutz; the widget links it, and "
        "messengers name it once to each customer. Empty: neither.",
    )
    privacy_consent: Literal["off", "notice", "ask"] = Field(
        "notice",
        description="What the widget says before the first message: nothing, what is stored (notice), or the same "
        "with a button that must be pressed first (ask).",
    )
    privacy_logs: tuple[str, ...] = Field(
        (),
        description='Log files that python -m bot privacy looks into, as JSON: ["/var/log/postbote/*.log*"].',
    )

    @field_validator("privacy_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("write it with https://")
        return value
