"""What customers do in the widget: ask, press buttons, reload, open a second tab, keep to the keyboard."""

from playwright.async_api import BrowserContext, expect

from bot.channels.formatting import to_html
from tests.e2e.conftest import Visit
from tests.server import Server

PORT = "welchen port brauch ich für imap mit ssl"
UNCLEAR = "mailbox"


async def test_a_question_is_answered_as_formatted_text(server: Server, visit: Visit) -> None:
    """The answer's Markdown arrives as paragraphs, lists and bold."""
    widget = await visit(server)
    answer = await widget.ask(PORT)
    assert "993" in answer
    assert "sslin.de" in answer
    assert "**" not in answer
    await expect(widget.replies.locator("strong").first).to_be_visible()
    await expect(widget.replies.locator("li").first).to_be_visible()


KINDS = """# Titel

Absatz mit **fett**, *betont*, `Code`\\
und [Verweis](https://example.de/hilfe).

1. Erstens
   - darunter

> Zitat

```
Block
```

---

| Dienst | Port |
|---|---|
| IMAP | 993 |
"""
NAMES = """async (html) => {
  const { sanitise } = await import("/widget/sanitise.js");
  const names = (nodes) => [...nodes].map((node) => node.nodeName.toLowerCase());
  const given = new DOMParser().parseFromString(html, "text/html").body.querySelectorAll("*");
  return [names(given), names(sanitise(html).querySelectorAll("*"))];
}"""


async def test_every_kind_of_markup_that_the_server_sends_is_shown(server: Server, visit: Visit) -> None:
    """The widget's sieve holds nothing back that the server's lets through: a table stays a table."""
    widget = await visit(server)
    given, shown = await widget.page.evaluate(NAMES, to_html(KINDS))
    assert {"strong", "em", "code", "br", "a", "ol", "ul", "li", "blockquote", "pre", "hr", "table", "td"} <= set(given)
    assert shown == given


async def test_it_shows_that_the_bot_is_typing(server: Server, visit: Visit) -> None:
    """From the moment that the turn begins until it is over."""
    widget = await visit(server)
    await widget.page.evaluate(
        """() => {
          const dots = document.querySelector("postbote-chat").shadowRoot.querySelector(".typing");
          window.seen = [];
          new MutationObserver(() => window.seen.push(!dots.hidden)).observe(dots, { attributes: true });
        }"""
    )
    await widget.ask(PORT)
    await expect(widget.page.locator(".typing")).to_be_hidden()
    assert await widget.page.evaluate("window.seen") == [True, False]


async def test_a_button_says_what_is_meant(server: Server, visit: Visit) -> None:
    """The bot asks back with questions as buttons; a pressed one is the customer's message, and the others go."""
    widget = await visit(server)
    await widget.ask(UNCLEAR)
    title = "Was passiert, wenn mein Postfach voll ist?"
    await widget.choices.filter(has_text=title).click()
    await expect(widget.replies).to_have_count(2)
    assert await widget.own.all_inner_texts() == [UNCLEAR, title]
    await expect(widget.replies.last).to_contain_text("100 %")
    await expect(widget.choices).to_have_count(0)


async def test_the_conversation_survives_a_reload(server: Server, visit: Visit) -> None:
    """Same messages, panel still open, and the talk goes on."""
    widget = await visit(server)
    await widget.ask(PORT)
    before = await widget.transcript()
    await widget.page.reload()
    await expect(widget.replies).to_have_count(1)
    assert await widget.transcript() == before
    await expect(widget.panel).to_be_visible()
    await widget.ask("danke")


async def test_two_tabs_show_one_conversation(server: Server, visit: Visit) -> None:
    """What is said in one tab stands in the other, once."""
    first = await visit(server)
    await first.ask("hallo")
    second = await visit(server)
    await expect(second.replies).to_have_count(1)
    await second.ask(PORT)
    await expect(first.replies).to_have_count(2)
    assert await first.transcript() == await second.transcript()


async def test_an_answer_to_a_closed_widget_is_counted_on_its_button(server: Server, visit: Visit) -> None:
    """The badge and the button's name say that there is something new, until it is read."""
    widget = await visit(server)
    await widget.say(PORT)
    await widget.page.keyboard.press("Escape")
    await expect(widget.badge).to_have_text("1")
    await expect(widget.launcher).to_have_attribute("aria-label", "Chat öffnen, 1 neue Nachricht")
    await widget.open()
    await expect(widget.badge).to_be_hidden()


async def test_the_keyboard_is_enough(server: Server, visit: Visit) -> None:
    """Escape closes and returns the focus, Enter opens, Shift+Tab reaches the buttons, Shift+Enter breaks a line."""
    widget = await visit(server)
    keyboard = widget.page.keyboard
    assert await widget.focused() == "textarea"
    await keyboard.press("Escape")
    await expect(widget.panel).to_be_hidden()
    assert await widget.focused() == "launcher"
    await keyboard.press("Enter")
    await expect(widget.panel).to_be_visible()
    await keyboard.type("eins")
    await keyboard.press("Shift+Enter")
    await keyboard.type("zwei")
    await expect(widget.box).to_have_value("eins\nzwei")
    await widget.box.fill(UNCLEAR)
    await keyboard.press("Enter")
    await expect(widget.choices.first).to_be_visible()
    title = await widget.choices.nth(-2).inner_text()
    await keyboard.press("Shift+Tab")  # from the box to the last button, "Etwas anderes"
    await keyboard.press("Shift+Tab")
    assert await widget.focused() == "choice"
    await keyboard.press("Enter")
    await expect(widget.own.last).to_have_text(title)
    await expect(widget.replies).to_have_count(2)
    await expect(widget.choices).to_have_count(0)
    assert await widget.focused() == "textarea"


async def test_what_is_typed_never_runs(server: Server, visit: Visit) -> None:
    """Markup from a customer is shown as the letters that it is."""
    widget = await visit(server)
    attack = "<img src=x onerror=window.taken=1><script>window.taken=1</script>[a](javascript:window.taken=1)"
    await widget.ask(attack)
    await widget.page.reload()
    await expect(widget.own).to_have_text([attack])
    assert await widget.page.evaluate("window.taken") is None
    await expect(widget.page.locator(".bubble img, .bubble script, .bubble a[href^=javascript]")).to_have_count(0)


async def test_a_message_that_is_too_long_stays_in_the_box(server: Server, visit: Visit) -> None:
    """The customer is told by how much, and can shorten it."""
    widget = await visit(server)
    await widget.say("ä" * 4100)
    await expect(widget.error).to_contain_text("4.100 Zeichen zu lang")
    await expect(widget.box).to_have_value("ä" * 4100)
    await widget.ask("hallo")
    await expect(widget.error).to_be_hidden()


async def test_a_lost_conversation_makes_room_for_a_new_one(server: Server, visit: Visit) -> None:
    """A secret that the server does not know is forgotten, and the customer goes on at once."""
    widget = await visit(server)
    await widget.ask("hallo")
    await widget.page.evaluate(
        """() => localStorage.setItem(Object.keys(localStorage).find((key) => key.endsWith(":secret")), '"x"')"""
    )
    await widget.page.reload()
    await expect(widget.own).to_have_count(0)
    await widget.ask("guten Morgen")
    await expect(widget.own).to_have_text(["guten Morgen"])


async def test_a_visitor_leaves_no_trace(server: Server, visit: Visit, customer: BrowserContext) -> None:
    """No cookie, no request to anyone else; before the first message only what to say about privacy is asked for."""
    requested: list[str] = []
    customer.on("request", lambda request: requested.append(request.url))
    widget = await visit(server)
    await expect(widget.page.locator(".privacy")).to_be_visible()
    config = f"{server.url}/channels/web/config"
    assert [url for url in requested if "/channels/" in url] == [config]
    await widget.ask("hallo")
    assert [url for url in requested if "/channels/" in url and url != config]
    assert all(url.startswith(server.url) for url in requested), requested
    assert await customer.cookies() == []
