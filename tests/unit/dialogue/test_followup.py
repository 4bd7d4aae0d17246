"""Which entry a short message after an answer asks about."""

import pytest

from bot.dialogue.followup import Known, find_meant

ENTRIES = {
    "faq/hours": Known(
        "shop",
        "wann haben sie geoeffnet",
        "wann haben sie geoeffnet montag bis samstag von 6 bis 18 uhr sonntags nur broetchen",
    ),
    "faq/cake": Known(
        "shop",
        "kann ich eine torte bestellen",
        "kann ich eine torte bestellen drei tage vorlauf abholen am sonntag geht nicht",
    ),
    "faq/jobs": Known("work", "suchen sie verkaeufer", "suchen sie verkaeufer ja auch sonntags"),
}


@pytest.mark.parametrize(
    ("text", "about", "alone", "meant"),
    [
        ("und sonntags?", "faq/hours", None, "faq/hours"),
        ("und abholen?", "faq/hours", None, "faq/cake"),
        ("und bei Torten", "faq/hours", "faq/jobs", "faq/cake"),
        ("ok und am Samstag", "faq/hours", None, "faq/hours"),
        ("und bei einer Torte?", "faq/hours", "faq/jobs", "faq/cake"),
        ("und eine torte", "faq/hours", "faq/cake", None),
        ("und am sonntag", "faq/hours", "faq/cake", "faq/hours"),
        ("und welche torte", "faq/hours", "faq/cake", None),
        ("und suchen sie verkäufer", "faq/hours", "faq/jobs", None),
        ("und wie wird das wetter", "faq/hours", None, None),
        ("und am sonntag im regen?", "faq/hours", None, None),
        ("und wie mache ich das?", "faq/cake", None, "faq/cake"),
        ("und wie mache ich das im Urlaub?", "faq/cake", None, None),
        ("und", "faq/hours", None, None),
        ("sonntags", "faq/hours", None, None),
        ("und sonntags?", "faq/gone", None, None),
        ("und sonntags wenn montag und samstag schon geoeffnet ist", "faq/hours", None, None),
    ],
)
def test_an_entry_that_has_every_telling_word_is_meant(
    text: str, about: str, alone: str | None, meant: str | None
) -> None:
    """Of the same topic; what means another entry by itself is left alone, but for "und bei …"."""
    assert find_meant(text, about, ENTRIES, alone) == meant
