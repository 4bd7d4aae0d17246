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

_TO_TWELVE = ("ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwoelf")
_TENS = ("dreizehn", "vierzehn", "fuenfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn")
_SPOKEN = (*_TO_TWELVE, *_TENS, "zwanzig", *(f"{one}undzwanzig" for one in _TO_TWELVE[:9]), "dreissig")
# Days and hours end there; minutes go on.
_DOZENS = {"dreissig": 30, "vierzig": 40, "fuenfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90}
_MINUTES = _DOZENS | {
    f"{one}und{name}": number + place for name, number in _DOZENS.items() for place, one in enumerate(_TO_TWELVE[:9], 1)
}
# "Ein" is an article more often than a number; the readers of spans know it by themselves.
NUMBERS = {name: number for number, name in enumerate(_SPOKEN, 1) if number > 1} | _MINUTES | {"zwo": 2}

_IRREGULAR = {1: "ersten", 3: "dritten", 7: "siebten", 8: "achten"}
_DATIVE = {
    _IRREGULAR.get(number, f"{name}{'ten' if number < 20 else 'sten'}"): number
    for number, name in enumerate((*_SPOKEN, "einunddreissig"), 1)
} | {"siebenten": 7}
ORDINALS = (
    _DATIVE
    # "Zehnter elfter"; and "der achtzehnte", which below thirteen is rather a try or a folder than a day.
    | {f"{name[:-1]}r": number for name, number in _DATIVE.items()}
    | {name[:-1]: number for name, number in _DATIVE.items() if number > 12}
)

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
    "omd": "abend",
    "nocht": "nacht",
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
