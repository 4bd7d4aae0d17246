"""The Markdown of FAQ files: one parser for all who read them, and text without markup."""

from markdown_it import MarkdownIt

# Without underlined headings: a paragraph with `---` below it would become an entry unawares.
MARKDOWN = MarkdownIt("commonmark").disable("lheading")

_QUOTES = {'"': '"', "'": "'", "„": "“”", "“": "”", "‚": "‘’", "‘": "’", "»": "«", "«": "»", "›": "‹", "‹": "›"}


def plain(inline: str) -> str:
    """The words of a piece of inline Markdown, in one line, without its markup."""
    words = []
    for token in MARKDOWN.parseInline(inline)[0].children or ():
        if token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
        elif token.type != "html_inline":
            words.append(token.content)
    return " ".join("".join(words).split())


def unquoted(text: str) -> str:
    """Without the quotation marks around the whole of it, in which editors like to write what customers say."""
    closing = _QUOTES.get(text[:1], "")
    inner = text[1:-1]
    if inner and text[-1] in closing and not set(text[0] + closing) & set(inner):
        return unquoted(inner.strip())
    return text
