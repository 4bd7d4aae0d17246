"""One source, the answer's Markdown, to what each channel shows."""

import re

import nh3
from markdown_it import MarkdownIt

# Typographer and HTML off: what an editor types as HTML is shown as text.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable("table")
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "h3", "h4", "h5", "h6", "hr"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_ANCHOR = re.compile(r"\[([^\]]+)\]\(#[^)]*\)")


def to_html(markdown: str) -> str:
    """
    Sanitised HTML: https, http and mailto links that open in a new tab, no scripts, no styles, no images.

    Links to other entries (`#slug`) become their text, because the chat has no such places.
    """
    rendered = _markdown.render(_ANCHOR.sub(r"\1", markdown))
    return nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer",
    )
