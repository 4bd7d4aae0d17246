"""What an operator sets for the channel `email`."""

import ipaddress

from pydantic import Field, SecretStr, model_validator

from bot.channels.options import Options
from bot.mail.server import Tls, parse_address


class EmailOptions(Options):
    """POSTBOTE_CHANNEL_EMAIL_…"""

    address: str = Field(description="Address of the mailbox, such as hilfe@example.de; answers come from it.")
    name: str = Field("", description="Sender's name of answers, such as Lindenpost Hilfe.")
    imap_host: str = Field(description="IMAP server of the mailbox.")
    imap_port: int = Field(993, ge=1, le=65535, description="Its port.")
    imap_tls: Tls = Field("tls", description="How the way to it is encrypted; none only within this machine.")
    smtp_host: str = Field(description="SMTP server that answers are sent by.")
    smtp_port: int = Field(465, ge=1, le=65535, description="Its port.")
    smtp_tls: Tls = Field("tls", description="How the way to it is encrypted; none only within this machine.")
    user: str = Field("", description="Name to log in with, at both; empty: the address.")
    password: SecretStr = Field(description="Password of the mailbox, at both.")
    smtp_login: bool = Field(True, description="Whether to log in at the SMTP server.")
    folder: str = Field("INBOX", description="Folder that is read.")
    poll_seconds: float = Field(60, ge=1, description="Seconds between looks where the server has no IDLE.")
    most_bytes: int = Field(10_000_000, ge=10_000, description="Bytes of a mail that are read; the rest is left.")
    most_per_hour: int = Field(30, ge=1, description="Answers to one address within an hour; then it is a loop.")

    @model_validator(mode="after")
    def _check(self) -> "EmailOptions":
        try:
            parse_address(self.address)
        except ValueError as error:
            raise ValueError("ADDRESS is no e-mail address. Write one such as hilfe@example.de") from error
        for tls, host in ((self.imap_tls, self.imap_host), (self.smtp_tls, self.smtp_host)):
            if tls == "none" and not _is_here(host):
                raise ValueError(f"TLS is none, so the password would travel to {host} in clear. Use starttls or tls")
        return self


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
