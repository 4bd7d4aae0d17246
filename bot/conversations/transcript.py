"""A conversation as plain text, for people to keep."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from textwrap import indent
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from bot.conversations.model import Author, Message
from bot.conversations.plain import plain_text

LOCALE = "de"


def render_transcript(messages: Sequence[Message], zone: ZoneInfo, sentence: Callable[[str], str]) -> str:
    """
    The messages under the day and the time at which they were written, on the clocks of `zone`.

    `sentence` gives the words of the domain for those who wrote.
    """
    days = groupby(messages, key=lambda message: message.at.astimezone(zone).date())
    return "\n\n".join(
        f"{format_date(day, 'EEEE, d. MMMM y', locale=LOCALE)}\n\n{_day(said, zone, sentence)}" for day, said in days
    )


def _day(messages: Iterator[Message], zone: ZoneInfo, sentence: Callable[[str], str]) -> str:
    return "\n\n".join(_line(message, zone, sentence) for message in messages)


def _line(message: Message, zone: ZoneInfo, sentence: Callable[[str], str]) -> str:
    at = format_time(message.at.astimezone(zone), "HH:mm", locale=LOCALE)
    # What customers write is text; only what we write is Markdown.
    text = message.text if message.author is Author.CUSTOMER else plain_text(message.text)
    if message.author is Author.NOTICE:
        return f"{at}  {text}"
    return f"{at}  {_name(message, sentence)}:\n{indent(text, '  ')}"


def _name(message: Message, sentence: Callable[[str], str]) -> str:
    if message.author is Author.AGENT and message.agent:
        return sentence("utter_transcript_agent").format(agent=message.agent)
    return sentence("utter_transcript_customer" if message.author is Author.CUSTOMER else "utter_transcript_bot")
