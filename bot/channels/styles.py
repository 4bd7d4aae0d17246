"""How each messenger writes bold, links and the like. For HTML see formatting."""

from collections.abc import Callable
from html import escape

from bot.conversations.plain import Style


def _tag(name: str) -> Callable[[str], str]:
    return lambda text: f"<{name}>{text}</{name}>"


def _each_line(mark: str) -> Callable[[str], str]:
    """Messengers end a mark at the end of a line."""
    return lambda text: "\n".join(f"{mark}{line}{mark}" if line.strip() else line for line in text.split("\n"))


def _only_brackets(text: str) -> str:
    return escape(text, quote=False)


def _telegram_link(words: str, address: str) -> str:
    return f'<a href="{escape(address)}">{words}</a>'


def _slack_link(words: str, address: str) -> str:
    target = _only_brackets(address).replace("|", "%7C")
    return f"<{target}|{words.replace('|', '¦')}>"


TELEGRAM = Style(
    escape=_only_brackets,
    strong=_tag("b"),
    emphasis=_tag("i"),
    code=_tag("code"),
    block=_tag("pre"),
    link=_telegram_link,
)
"""https://core.telegram.org/bots/api#html-style"""

WHATSAPP = Style(
    strong=_each_line("*"), emphasis=_each_line("_"), code=_each_line("`"), block=lambda text: f"```{text}```"
)
"""https://faq.whatsapp.com/539178204879377; it has no links with words, and no way to escape a mark."""

SLACK = Style(
    escape=_only_brackets,
    strong=_each_line("*"),
    emphasis=_each_line("_"),
    code=_each_line("`"),
    block=lambda text: f"```\n{text}\n```",
    link=_slack_link,
)
"""https://docs.slack.dev/messaging/formatting-message-text"""
