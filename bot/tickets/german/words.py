"""The words that days and times are made of, with umlauts written out (`spelling` brings sentences into this form)."""

WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")

MONTHS = {
    **{
        name: number
        for number, name in enumerate(
            [
                "januar",
                "februar",
                "maerz",
                "april",
                "mai",
                "juni",
                "juli",
                "august",
                "september",
                "oktober",
                "november",
                "dezember",
            ],
            1,
        )
    },
    **{
        name: number
        for number, name in enumerate(
            ["jan", "feb", "mrz", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"], 1
        )
    },
    "sept": 9,
}  # fmt: skip -- two lists of twelve read best as lists

NUMBERS = {
    **{
        name: number
        for number, name in enumerate(
            [
                "zwei",
                "drei",
                "vier",
                "fuenf",
                "sechs",
                "sieben",
                "acht",
                "neun",
                "zehn",
                "elf",
                "zwoelf",
                "dreizehn",
                "vierzehn",
                "fuenfzehn",
            ],
            2,
        )
    },
    "zwo": 2,
    "zwanzig": 20,
    "dreissig": 30,
    "fuenfundzwanzig": 25,
    "einundzwanzig": 21,
    "achtzehn": 18,
}  # fmt: skip -- as above

ORDINALS = {
    name: number
    for number, name in enumerate(
        [
            "ersten",
            "zweiten",
            "dritten",
            "vierten",
            "fuenften",
            "sechsten",
            "siebten",
            "achten",
            "neunten",
            "zehnten",
            "elften",
            "zwoelften",
            "dreizehnten",
            "vierzehnten",
            "fuenfzehnten",
            "sechzehnten",
            "siebzehnten",
            "achtzehnten",
            "neunzehnten",
            "zwanzigsten",
        ],
        1,
    )
}

# Swiss, Austrian, Bavarian and hasty forms.
DIALECT = {
    "heut": "heute",
    "huet": "heute",
    "huete": "heute",
    "haet": "heute",
    "geschter": "gestern",
    "gestan": "gestern",
    "gestern": "gestern",
    "vorgeschter": "vorgestern",
    "vorgestan": "vorgestern",
    "maentig": "montag",
    "ziischtig": "dienstag",
    "zischtig": "dienstag",
    "mittwuch": "mittwoch",
    "dunnschtig": "donnerstag",
    "donschtig": "donnerstag",
    "friitig": "freitag",
    "fritig": "freitag",
    "samschtig": "samstag",
    "samschdag": "samstag",
    "sonnabend": "samstag",
    "sunntig": "sonntag",
    "jaenner": "januar",
    "jannar": "januar",
    "feber": "februar",
    "marz": "maerz",
    "mar": "maerz",
    "frueha": "frueh",
    "fria": "frueh",
    "frua": "frueh",
    "fruh": "frueh",
    "abig": "abend",
    "z'abig": "abend",
    "abnd": "abend",
    "abned": "abend",
    "namittag": "nachmittag",
    "nachmitag": "nachmittag",
    "vormitag": "vormittag",
    "nachts": "nachts",
    "lezten": "letzten",
    "lezte": "letzte",
    "lezter": "letzter",
    "fuehn": "fuenf",
    "fun": "fuenf",
    "fuff": "fuenf",
    "zwolf": "zwoelf",
    "funf": "fuenf",
    "uhrr": "uhr",
    "ur": "uhr",
}  # fmt: skip -- a list of pairs

# What a slip of one letter is mended to; the words with a near neighbour that means something else are not here.
MENDED = (
    "gestern",
    "vorgestern",
    *WEEKDAYS,
    "januar",
    "februar",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
    "vormittag",
    "nachmittag",
    "wochenende",
    "vergangenen",
    "vorletzten",
    "minuten",
    "stunden",
)  # fmt: skip -- a list of words
