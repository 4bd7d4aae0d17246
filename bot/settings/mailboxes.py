"""The platform that knows the mailboxes."""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, SecretStr, field_validator


class MailboxSettings(BaseModel):
    """See the descriptions."""

    mailboxes: Literal["demo", "doveadm", "sql"] = Field(
        "demo", description="Platform that knows the mailboxes: demo, doveadm (Dovecot) or sql (your own tables)."
    )
    platform_timeout: float = Field(5.0, gt=0, le=30, description="Seconds that the platform has for an answer.")
    doveadm_url: str = Field("", description="Dovecot's doveadm HTTP listener, such as https://mail.example.de:8080.")
    doveadm_api_key: SecretStr = Field(SecretStr(""), description="Dovecot's doveadm_api_key.")
    doveadm_user: str = Field("doveadm", description="Dovecot's doveadm_username; only with a password.")
    doveadm_password: SecretStr = Field(SecretStr(""), description="Dovecot's doveadm_password, instead of a key.")
    doveadm_quota_root: str = Field("", description="Name of the quota root to show, if Dovecot has several.")
    doveadm_contact_field: str = Field(
        "", description="Field of Dovecot's userdb with the owner's contact address; without it no one-time codes."
    )
    mailboxes_database_url: SecretStr = Field(
        SecretStr(""), description="SQLAlchemy URL of your tables, such as postgresql+asyncpg://reader:…@host/mail."
    )
    mailboxes_quota_query: str = Field(
        "", description="SELECT of used and total bytes (null or 0: no limit) of the mailbox :address."
    )
    mailboxes_contact_query: str = Field(
        "", description="SELECT of the contact address of the owner of :address; without it no one-time codes."
    )
    time_zone: str = Field(
        "Europe/Berlin", description='Where the hoster\'s "yesterday" is; a name of the tz database.'
    )
    backup_days: int = Field(30, ge=1, le=3650, description="Days that the backups of mailboxes reach back.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("this is no name of the tz database, such as Europe/Berlin") from error
        return value
