"""Published FAQ pages, each in another form, and the entries that are found on them."""

import json
from pathlib import Path

import pytest

from bot.faq.links import complaint, find_links
from bot.faq.web.extract import Extract, NoFaqError, extract
from bot.faq.web.page import LARGEST, Page, PageError, read_page

PAGES = Path(__file__).parent / "pages"
LIBRARY = Path(__file__).parents[2] / "quality" / "foreign" / "bibliothek.html"


def found_on(name: str) -> Extract:
    return extract(read_page(PAGES / name), name)


def found_in(body: str, url: str | None = "https://www.a.example/hilfe/") -> Extract:
    return extract(Page(f"<html><body>{body}</body></html>", url), "page")


def json_ld(question: str, answer: str) -> str:
    page = {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": question, "acceptedAnswer": answer}]}
    return f'<script type="application/ld+json">{json.dumps(page)}</script>'


def answers(found: Extract) -> dict[str, str]:
    return {pair.question: pair.answer for pair in found.pairs}


def test_json_ld_with_entities_lists_and_links() -> None:
    """Answers come from all FAQPage blocks, as HTML, as escaped HTML and as plain text, with whole addresses."""
    found = found_on("json_ld.html")
    assert (found.title, found.form) == ("Häufige Fragen", "schema.org FAQPage as JSON-LD")
    assert found.url == "https://www.stadtwerke.example/hilfe/faq.html"
    assert answers(found) == {
        "Wie melde ich meinen Zählerstand?": (
            "Am schnellsten [online](https://www.stadtwerke.example/zaehlerstand). Sie brauchen:\n\n"
            "- die **Zählernummer**\n- den Stand"
        ),
        "Was kostet der Umzug?": "Nichts. Siehe [Umzug](https://www.stadtwerke.example/umzug.html).",
        "Wann kommt die Rechnung?": (
            "Einmal im Jahr.\n\nSie enthält:\n\n- den Verbrauch\n- den neuen Abschlag\n\n"
            "Die Kosten sind < 5 % gestiegen."
        ),
    }


def test_json_ld_that_cannot_be_used_is_told() -> None:
    """A broken block, a question asked twice and one without an answer cost nothing but a note each."""
    assert found_on("json_ld.html").notes == (
        "1 JSON-LD block(s) of the page cannot be read",
        "“Was kostet der Umzug?” stands twice on the page with different answers: the first is taken",
        "“Ohne Antwort?” has no answer on the page",
    )


def test_microdata_without_icons_numbers_and_buttons() -> None:
    """The visible answer keeps its markup; what is only in `<meta>` is read as well."""
    found = found_on("microdata.html")
    assert found.form == "schema.org FAQPage as microdata"
    assert answers(found) == {
        "Wie sperre ich meine Karte?": (
            "Rufen Sie [116 116](tel:+49116116) an, *Tag und Nacht*.\n\n1. Karte nennen\n2. Sperre bestätigen"
        ),
        "Und wie entsperre ich sie?": "In der **Filiale**.",
    }


def test_details_in_groups_without_cookie_banner_menu_and_feedback() -> None:
    """Entries in groups are found, an entry about cookies among them; what every page has is not."""
    found = found_on("details.html")
    assert (found.title, found.form, found.notes) == ("Hilfe für Mitglieder", "<details> with <summary>", ())
    assert answers(found) == {
        "Wie werde ich Mitglied?": (
            "Mit dem [Antrag](https://www.verein.example/service/antrag.pdf). Sie **brauchen:**\n\n"
            "- ein Foto\n  - farbig\n- den Beitrag, siehe [Beitrag](#beitrag)"
        ),
        "Was kostet das?": "60 € im Jahr.",
        "Wie kündige ich?": (
            "Schriftlich, siehe [oben](#eintreten) und [hier](https://www.verein.example/service/#nirgends) und da."
        ),
        "Welche Cookies setzt der Verein?": "Keine.",
        "Ich habe noch eine alte Mitgliedskarte": "Die gilt weiter.",
    }


def test_headings_with_the_text_below() -> None:
    """A heading that asks is an entry up to the next of its rank; menus, contact boxes and “Noch Fragen?” are none."""
    found = found_on("headings.html")
    assert found.form == "headings that ask"
    assert answers(found) == {
        "Wie lange darf ich ein Buch behalten?": "Vier Wochen.\n\n### Ausnahmen\n\nFilme: eine Woche.",
        "Ich habe ein Buch verloren": "Bitte ersetzen Sie es.",
        "Was kostet der Ausweis?": "20 € im Jahr. **Kinder:** nichts.",
        "Was tun bei Verlust?": "Melden Sie sich.\n\nWir sperren ihn.",
    }
    assert found.notes == ("“Wo bekomme ich ihn?” has no answer on the page",)


def test_terms_and_their_descriptions() -> None:
    """Terms in a row share their answer, a table becomes a list, and the list of contacts is no FAQ."""
    table = (
        "Im Hof:\n\n- **Mo–Fr** – Frei: 8–18 Uhr\n- **Sa** – Frei: [siehe hier](https://praxis.example/sa); Preis: 2 €"
    )
    found = found_on("terms.html")
    assert found.form == "<dl> with <dt> and <dd>"
    assert answers(found) == {
        "Brauche ich einen Termin?": "Ja.\n\nIm Notfall nicht.",
        "Wo kann ich parken?": table,
        "Gibt es Parkplätze?": table,
    }


def test_buttons_that_unfold() -> None:
    """The accordion of a page without `<details>`: panels by `aria-controls`, hidden ones too."""
    found = found_on("unfolding.html")
    assert found.form == "buttons that unfold (aria-controls)"
    assert answers(found) == {
        "Wann kommt mein Paket?": "Meist **morgen**.  \nSonst\n\nübermorgen.",
        "Kann ich die Adresse ändern?": "Ja, bis zum Versand.",
    }


def test_page_in_an_old_encoding() -> None:
    """Umlauts, quotation marks and the euro sign survive the encoding that the page declares."""
    assert answers(found_on("windows_1252.html")) == {
        "Wie ändere ich die „Größe“?": "Für 5 € – im Menü.",
        "Geht das zurück?": "Ja.",
    }


def test_page_without_questions() -> None:
    """The error names the page, what was looked for, and what to do."""
    with pytest.raises(NoFaqError) as caught:
        found_on("nothing.html")
    message = str(caught.value)
    assert message.startswith("nothing.html: no FAQ found")
    assert "<details> (1 there)" in message
    assert "headings (3 there)" in message
    assert "save it from the browser as a whole" in message


@pytest.mark.parametrize("markup", ["", "   ", "kein HTML", "\x00\x01\x02", "<", "<html>", "%PDF-1.7 stream"])
def test_what_is_hardly_a_page_has_no_entries(markup: str) -> None:
    """Nothing, plain text and binary data get the same clear error as a page without questions."""
    with pytest.raises(NoFaqError):
        extract(Page(markup, None), "page")


def test_visible_answer_enriches_the_declared_one() -> None:
    """JSON-LD often has the words alone: the list and the link are taken from the page, the choice is not."""
    declared = json_ld("Was tun?", "Neu starten, dann hier melden.")
    seen = '<h1>FAQ</h1><h2 id="tun">Was tun?</h2><p>Neu starten, dann <a href="/da">hier</a> melden.</p>'
    found = found_in(declared + seen)
    assert found.form == "schema.org FAQPage as JSON-LD"
    assert answers(found) == {"Was tun?": "Neu starten, dann [hier](https://www.a.example/da) melden."}
    assert found.pairs[0].ids == {"tun"}


def test_form_with_most_entries_wins_over_a_partial_declaration() -> None:
    """A page that declares one of its four questions is read as its readers see it."""
    declared = json_ld("Frage 1?", "A")
    seen = "".join(f"<details><summary>Frage {number}?</summary>A {number}</details>" for number in range(4))
    assert [pair.question for pair in found_in(declared + seen).pairs] == [f"Frage {number}?" for number in range(4)]


def test_relative_link_of_a_page_without_address_is_told() -> None:
    """A saved page that does not say where it is published loses its relative links, but not silently."""
    found = found_in('<h1>FAQ</h1><h2>Wo?</h2><p>Siehe <a href="/plan">Plan</a>.</p>', url=None)
    assert answers(found) == {"Wo?": "Siehe Plan."}
    assert found.notes == ("the link /plan is left out, because the page does not say its own address",)


def test_signs_of_markdown_stay_signs() -> None:
    """Asterisks, underscores, brackets and angles of the page do not become markup."""
    found = found_in("<h2>Welche *Zeichen* gehen?</h2><p>* # [x] &lt;b&gt; a_b_c &amp;amp; 2. 3*4*5</p>")
    assert [pair.question for pair in found.pairs] == ["Welche *Zeichen* gehen?"]
    assert found.pairs[0].answer == r"\* # \[x\] \<b> a_b_c \&amp; 2. 3\*4\*5"


def test_signs_around_a_question_are_left_out() -> None:
    """Numbers before it, editing links behind it and signs of folding are no words of a question."""
    found = found_in(
        '<h2>1.) Was ist A?<span class="mw-editsection">[<a href="/edit">Bearbeiten</a>]</span></h2><p>Eins.</p>'
        "<h2>2. Was ist B? ▾</h2><p>Zwei.</p><h2>F: Was ist 1984?</h2><p>Drei.</p>"
    )
    assert [pair.question for pair in found.pairs] == ["Was ist A?", "Was ist B?", "Was ist 1984?"]


def test_answer_of_which_nothing_remains_is_told() -> None:
    """“War das hilfreich?” alone is no answer: the entry is left out with a note, or the page has no FAQ."""
    empty = "<details><summary>Wie geht A?</summary><div><p>War das hilfreich? Ja</p></div></details>"
    found = found_in(empty + "<details><summary>Wie geht B?</summary>So.</details>")
    assert answers(found) == {"Wie geht B?": "So."}
    assert found.notes == ("“Wie geht A?” has nothing in its answer that can be read",)
    with pytest.raises(NoFaqError, match="no FAQ found"):
        found_in(empty)


def test_page_too_deep_to_be_read() -> None:
    """A thousand elements in one another end in a clear error, in JSON-LD in a note."""
    with pytest.raises(NoFaqError, match="stand too deep in one another"):
        found_in(f"<h2>Wie?</h2><p>{'<span>' * 1000}So")
    deep = f'<script type="application/ld+json">{"[" * 5000}{"]" * 5000}</script>'
    found = found_in(f"{deep}<h2>Wie?</h2><p>So.</p>")
    assert (answers(found), len(found.notes)) == ({"Wie?": "So."}, 1)


def test_real_page_of_forty_entries() -> None:
    """A town library's whole page gives its forty entries and nothing of what stands around them."""
    found = extract(read_page(LIBRARY), str(LIBRARY))
    assert (found.title, len(found.pairs), found.notes) == ("Häufige Fragen", 40, ())
    given = answers(found)
    assert all(question[-1] in "?!." and len(answer) > 150 for question, answer in given.items())
    assert "- Jahresausweis Erwachsene: **24,00 €**\n" in given["Was kostet der Bibliotheksausweis?"]
    assert "\n1. App *Onleihe* installieren" in given["Wie leihe ich E-Books und E-Hörbücher aus?"]
    assert given["Wo kann ich parken?"].endswith("direkt vor der Tür (Haltestelle *Alter Markt*).")
    everything = "\n".join([*given, *given.values()])
    assert not [word for word in ("Matomo", "akzeptieren", "Impressum", "hilfreich", "&", "<") if word in everything]
    links = [address for answer in given.values() for _, address in find_links(answer)]
    assert len(links) > 25
    assert not [address for address in links if complaint(address, frozenset())]


def test_file_that_is_not_there_or_too_large(tmp_path: Path) -> None:
    """Both errors name the file and say what to do."""
    with pytest.raises(PageError, match=r"weg\.html: cannot be read .* Name an HTML file"):
        read_page(tmp_path / "weg.html")
    large = tmp_path / "large.html"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(PageError, match=r"large\.html: is larger than 5 MiB\. Save only its FAQ part"):
        read_page(large)
