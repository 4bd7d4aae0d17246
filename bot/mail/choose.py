"""Choose the way out of the house by the settings."""

import structlog

from bot.clock import Clock
from bot.mail.demo import DemoMailer
from bot.mail.ports import Mailer
from bot.mail.smtp import SmtpMailer
from bot.settings import Settings

log = structlog.get_logger()


def choose_mailer(settings: Settings, clock: Clock) -> Mailer:
    """Raises SettingsError when the chosen one lacks a setting."""
    if settings.mailer == "smtp":
        return SmtpMailer(settings)
    log.warning("mails are not sent but shown to everybody on /demo/mails; set POSTBOTE_MAILER=smtp for real customers")
    return DemoMailer(clock)
