"""How each messenger writes bold, links and the like. For HTML see formatting."""

import re
from collections.abc import Callable
from html import escape, unescape

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


_MARKUP = re.compile(r"([\\`*_\[\]<>&#|~])")
_LINE_START = re.compile(r"^([^\S\n]*\d*)([-+=.)])", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&#|~\-+=.)])")


def _escape_markdown(text: str) -> str:
    return _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def _fence(text: str, shortest: int) -> str:
    """Longer than any row of backticks in the text."""
    return "`" * max(shortest, 1 + max((len(row) for row in re.findall("`+", text)), default=0))


def _markdown_code(text: str) -> str:
    # Nothing is escaped within code.
    bare = _ESCAPED.sub(r"\1", text)
    fence = _fence(bare, 1)
    space = " " if "`" in (bare[:1], bare[-1:]) else ""
    return f"{fence}{space}{bare}{space}{fence}"


def _markdown_block(text: str) -> str:
    bare = _ESCAPED.sub(r"\1", text)
    fence = _fence(bare, 3)
    return f"{fence}\n{bare}\n{fence}"


def _markdown_link(words: str, address: str) -> str:
    target = address.replace("<", "%3C").replace(">", "%3E")
    return f"[{words}](<{target}>)"


_TEAMS_MARKS = re.compile(r"([\\`*_~#\[\]])")
_TEAMS_ESCAPED = re.compile(r"\\([\\`*_~#\[\]])")


def _escape_for_teams(text: str) -> str:
    # It takes HTML among its Markdown, so that a backslash is not enough.
    return _TEAMS_MARKS.sub(r"\\\1", _only_brackets(text))


def _bare_for_teams(text: str) -> str:
    """As it is within code."""
    return unescape(_TEAMS_ESCAPED.sub(r"\1", text))


def _teams_link(words: str, address: str) -> str:
    return f"[{words}]({address.replace('(', '%28').replace(')', '%29')})"


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

MARKDOWN = Style(
    escape=_escape_markdown,
    strong=lambda text: f"**{text}**",
    emphasis=lambda text: f"*{text}*",
    code=_markdown_code,
    block=_markdown_block,
    link=_markdown_link,
)
"""https://spec.commonmark.org: for channels that take it as it is, and those that make HTML of each part."""

TEAMS = Style(
    escape=_escape_for_teams,
    strong=_each_line("**"),
    emphasis=_each_line("_"),
    code=lambda text: f"`{_bare_for_teams(text)}`",
    block=lambda text: f"```\n{_bare_for_teams(text)}\n```",
    link=_teams_link,
)
"""https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages"""

ROCKETCHAT = Style(
    strong=_each_line("**"),
    emphasis=_each_line("_"),
    code=_each_line("`"),
    block=lambda text: f"```\n{text}\n```",
    link=lambda words, address: f"[{words}]({address.replace('(', '%28').replace(')', '%29')})",
)
"""https://github.com/RocketChat/Rocket.Chat/tree/develop/packages/message-parser; marks that stand alone are shown."""
