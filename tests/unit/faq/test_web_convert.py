"""HTML of answers as Markdown."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.markdown import MARKDOWN
from bot.faq.web.convert import to_markdown
from bot.faq.web.links import Links
from bot.faq.web.tree import clean, parse

words = st.text(st.sampled_from([*"abÄ1 ", *"*_`#-+.>[]()<&!~=:|\\„“"]), min_size=1, max_size=12)
texts = words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))


def wrapped(inner: st.SearchStrategy[str], *tags: str) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", st.sampled_from(tags), inner)


inline = st.recursive(
    texts | st.just("<br>"),
    lambda inner: wrapped(
        st.lists(inner, min_size=1, max_size=3).map("".join), "b", "em", "span", 'a href="https://a.de"', "code", "i"
    ),
    max_leaves=6,
)
flow = st.lists(inline, min_size=1, max_size=4).map("".join)
blocks = st.recursive(
    wrapped(flow, "p", "div", "li", "h2") | flow,
    lambda inner: (
        wrapped(st.lists(wrapped(inner, "li"), min_size=1, max_size=3).map("".join), "ul", "ol")
        | wrapped(inner, "div", "blockquote")
    ),
    max_leaves=5,
)


def convert(html: str, links: Links | None = None) -> str:
    body = clean(parse(html)).body
    links = links or Links("https://www.a.de/faq/index.html", frozenset({"x"}))
    return to_markdown(body.children if body else [], links)


@given(st.lists(blocks, min_size=1, max_size=4).map("".join))
def test_rendering_the_markdown_says_what_the_html_says(html: str) -> None:
    """No sign of the text turns into markup, and no markup into signs."""
    markdown = convert(html)
    rendered = BeautifulSoup(MARKDOWN.render(markdown), "lxml").get_text()
    assert "".join(rendered.split()) == "".join(clean(parse(html)).get_text().split()), markdown
