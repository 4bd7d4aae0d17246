"""From lessons to a model; on a small bakery, so that nothing depends on our own FAQ."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bot.conversations.model import Decision
from bot.dialogue.nlu.belief import candidates, is_outside, softmax, terms
from bot.dialogue.nlu.learn import learn
from bot.dialogue.nlu.lessons import Lesson, answer_sentences
from bot.dialogue.nlu.model import Model
from bot.dialogue.nlu.scope import narrowed

OPEN = ("Wann haben Sie geöffnet?", "öffnungszeiten", "bis wann ist offen", "habt ihr sonntag auf", "wann macht ihr zu")
CAKE = ("Kann ich eine Torte bestellen?", "torte vorbestellen", "hochzeitstorte", "geburtstagstorte bestellen")
GREET = ("hallo", "guten tag", "grüß gott", "servus", "moin")
OTHER = (
    *("wie wird das wetter", "reifen wechseln", "wer gewinnt die wahl", "glutenfreies brot", "habt ihr glutenfrei"),
    *("zug nach köln", "hauptstadt von peru", "erzähl einen witz", "handy kaputt", "was kostet die miete"),
)


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    """Two entries, an intent, and what is none of the bakery's business."""
    return [
        Lesson("faq/hours", OPEN, ("Montag bis Samstag von 6 bis 18 Uhr.", "Am Sonntag gibt es Brötchen bis 11 Uhr.")),
        Lesson("faq/cake", CAKE, ("Torten backen wir mit drei Tagen Vorlauf.", "Eine Anzahlung ist nötig.")),
        Lesson("greet", GREET),
        Lesson("out_of_scope", OTHER),
    ]


@pytest.fixture(scope="module")
def model(lessons: list[Lesson]) -> Model:
    """What was learnt."""
    return learn(lessons)


def best(model: Model, text: str) -> str:
    """The most probable label."""
    return model.labels[int(model.probabilities(text).argmax())]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Oeffnungszeiten", "faq/hours"),
        ("ÖFFNUNGSZEITEN??", "faq/hours"),
        ("öfnungszeiten", "faq/hours"),
        ("ich möchte eine torte vorbestellen", "faq/cake"),
        ("guten Tag!", "greet"),
        ("reifenwechsel", "out_of_scope"),
    ],
)
def test_spelling_does_not_matter_much(model: Model, text: str, label: str) -> None:
    """Umlauts, capitals, a missing letter, compounds."""
    assert best(model, text) == label


def test_the_answers_words_lead_to_the_entry(model: Model) -> None:
    """The down payment stands in no question; of the entries, the one whose answer names it comes first."""
    shares = dict(zip(model.labels, model.probabilities("anzahlung"), strict=True))
    assert shares["faq/cake"] > 1.2 * shares["faq/hours"]


@pytest.mark.parametrize("text", ["", "?", "   ", "💐", "xqzw", "a" * 100_000])
def test_any_text_gets_probabilities(model: Model, text: str) -> None:
    """That sum to one, also when nothing of it is known."""
    shares = model.probabilities(text)
    assert np.isfinite(shares).all()
    assert shares.sum() == pytest.approx(1, abs=1e-4)


def test_the_same_lessons_give_the_same_model(lessons: list[Lesson], model: Model) -> None:
    """Chance has a fixed seed."""
    assert (learn(lessons).probabilities("torte") == model.probabilities("torte")).all()


def test_a_model_is_read_as_it_was_written(model: Model, tmp_path: Path) -> None:
    """From plain arrays and names."""
    model.save(tmp_path)
    loaded = Model.load(tmp_path)
    for text in ("torte", "öffnungszeiten am sonntag", "moin", "wetter"):
        assert (loaded.probabilities(text) == model.probabilities(text)).all()


@pytest.mark.parametrize("text", [*CAKE, *GREET, *OTHER, "ich möchte eine torte vorbestellen", "xqzw", ""])
def test_one_text_is_understood_as_one_of_many(model: Model, text: str) -> None:
    """What is quick for one text is the same arithmetic as that by which was learnt."""
    vector = model.features.vector(text)
    row = sparse.csr_array((vector.values, vector.columns, [0, len(vector.columns)]), (1, len(model.features.names)))
    scores = model.scorer.score_all(row, np.array([vector.coverage], np.float32))
    outside = is_outside(model.labels)
    made = terms(scores, outside, model.poverty, candidates(scores, outside))
    assert softmax(made @ model.belief.coefficients)[0] == pytest.approx(model.probabilities(text), abs=1e-6)


def test_out_of_scope_examples_yield_to_a_new_entry(lessons: list[Lesson]) -> None:
    """Somebody writes the entry about gluten: what was out of scope is answered, the weather still is not."""
    new = Lesson("faq/gluten", ("Haben Sie glutenfreies Brot?",), ("Freitags backen wir ohne Weizen.",))
    (left,) = [lesson for lesson in narrowed([*lessons, new]) if lesson.label == "out_of_scope"]
    assert set(OTHER) - set(left.examples) == {"glutenfreies brot", "habt ihr glutenfrei"}
    model = learn([*lessons, new])
    assert best(model, "gibt es glutenfreies brot") == "faq/gluten"
    assert best(model, "wetter morgen") == "out_of_scope"


def test_an_unsure_model_asks_or_declines(model: Model) -> None:
    """It does not answer with an unrelated entry."""
    kinds = {
        model.decide(model.probabilities(text), lambda label: "/" in label).kind
        for text in ("was kostet ein kilo nägel", "mein auto springt nicht an", "spielst du schach")
    }
    assert kinds <= {Decision.CLARIFY, Decision.DECLINE}


def test_sentences_of_an_answer_have_no_markup() -> None:
    """Paragraphs, items and bold words."""
    markdown = "**Torten** gibt es. Mit [Vorlauf](https://a.de).\n\n- Eine Anzahlung\n- `drei` Tage"
    assert answer_sentences(markdown) == ["Torten gibt es.", "Mit Vorlauf.", "Eine Anzahlung", "drei Tage"]
