"""A sentence model from a folder, on a small one that is made for it."""

from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.nlu.dense import Meanings, SentenceModel, files
from bot.dialogue.nlu.learn import learn
from bot.dialogue.nlu.lessons import Lesson
from bot.dialogue.nlu.model import Model
from bot.errors import SettingsError
from tests.sentence_model import export


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> SentenceModel:
    return SentenceModel(export(tmp_path_factory.mktemp("sentences")))


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    hours = ("habt ihr auf", "wann ist offen", "am sonntag offen", "heute auf", "morgen offen", "schon auf")
    cake = ("torte bestellen", "eine torte bitte", "torte vorbestellen", "torte abholen", "große torte", "torte")
    other = ("zug nach köln", "wetter morgen", "zug verpasst", "wetter heute", "zug zu spät", "wetter am sonntag")
    return [
        Lesson("faq/cake", cake),
        Lesson("faq/hours", hours),
        Lesson("greet", ("hallo", "servus", "hallo ihr", "servus zusammen", "hallo hallo", "servus du")),
        Lesson("out_of_scope", other),
    ]


def share(model: Model, text: str, label: str) -> float:
    return float(model.probabilities(text)[model.labels.index(label)])


@pytest.mark.parametrize("pooled", [False, True])
def test_words_of_one_sense_are_alike(tmp_path: Path, pooled: bool) -> None:
    """Whether the model makes a row of each token or of the text; padding counts for nothing."""
    rows = SentenceModel(export(tmp_path, pooled=pooled))(["Torte", "kuchen", "zug"])
    assert rows[0] @ rows[1] == pytest.approx(1)
    assert rows[0] @ rows[2] == pytest.approx(0)
    if not pooled:
        alone, beside = SentenceModel(tmp_path)(["torte"]), SentenceModel(tmp_path)(["torte", "wetter am zug zug"])
        assert alone[0] == pytest.approx(beside[0])


def test_what_shares_no_letters_is_understood(lessons: list[Lesson], sentences: SentenceModel) -> None:
    """ "Gebäck" stands in no example; the n-grams alone cannot know."""
    assert share(learn(lessons), "gebäck", "faq/cake") < 0.5
    assert share(learn(lessons, sentences), "gebäck", "faq/cake") > 0.8


def test_a_saved_model_thinks_as_before(lessons: list[Lesson], sentences: SentenceModel, tmp_path: Path) -> None:
    learnt = learn(lessons, sentences)
    learnt.save(tmp_path)
    for text in ("gebäck", "kuchen vorbestellen", "", "xqzw"):
        assert Model.load(tmp_path, sentences).probabilities(text) == pytest.approx(learnt.probabilities(text))


def test_nearness_is_counted_from_what_is_usual() -> None:
    """Some models find all texts alike, some none; the nearest document of a label decides."""
    rows = np.array([[1, 0], [0.6, 0.8], [0, 1]], np.float32)
    meanings = Meanings(rows, usual=0.5, spread=0.25)
    assert meanings.nearest(rows[:1], np.array([0, 2])).tolist() == [[2.0, -2.0]]


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_folder_without_it_is_refused(tmp_path: Path, missing: str) -> None:
    (export(tmp_path) / missing).unlink()
    with pytest.raises(SettingsError, match=rf"no {missing} is\. Put it there \(docs/how-to/use-a-sentence-model"):
        SentenceModel(tmp_path)


@pytest.mark.parametrize("dense", ["models/e5", {}, {"prefix": "query: "}, ["models/e5"]])
def test_what_names_no_folder_is_refused(dense: object) -> None:
    with pytest.raises(SettingsError, match=r"must name a folder, as in `dense: \{folder: models/e5\}`"):
        files(dense)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"takes onnxruntime to run\. Run `make dense`"):
        SentenceModel(tmp_path)
