"""Reads times of day: "16.30 uhr", "um 9 in der früh", "halb drei", "dreiviertel vier"."""

import re
from collections.abc import Iterator
from datetime import time

from bot.tickets.german.mentions import Clock, Part, Stage
from bot.tickets.german.spelling import Sentence, said

_HOUR = r"(?<![\d.,:/-])(?P<hour>2[0-4]|[01]?\d)"
_MINUTE = r"(?P<minute>[0-5]\d)"
_NO_MORE = r"(?![\d:/-]|[.,]\d)"
# After a bare number: what shows that it counts something.
_NO_COUNT = (
    r"(?!\s*(?:[gmkt]b\b|%|€|prozent|tage?n?\b|wochen?\b|monate?n?\b|stunden?\b|std\b|minuten?\b|min\b|jahre?n?\b|mails?\b|ordner\b|"
    r"konten\b|mal\b|\.\s*\d|\.\s*[a-z]|\s(?:januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember)))"
)
_AROUND = (
    r"\b(?:so\s+)?(?:um|gegen|ca\.?|circa|ungefaehr|etwa|punkt|schlag|kurz vor|kurz nach|bis|ab)\s+"
    r"(?:so\s+|ca\.?\s+|etwa\s+|circa\s+)*"
)
_DAY_BEFORE = r"(?:gestern|heute|tag|mittwoch|abend|frueh|nacht|\d\.|\d\.\d\d?),?\s+"

_RANGES = [
    re.compile(
        rf"\b(?:so\s+)?zwischen\s+{_HOUR}(?:[:.]{_MINUTE})?(?:\s*uhr)?\s*(?:und|bis|-)\s*\d\d?(?:[:.]\d\d)?(?:\s*uhr\b|\s*h\b|{_NO_COUNT}{_NO_MORE})"
    ),
    re.compile(
        rf"\b(?:von\s+)?{_HOUR}(?:[:.]{_MINUTE})?(?:\s*uhr)?\s*(?:und|bis|-|–)\s*\d\d?(?:[:.]\d\d)?\s*(?:uhr|h)\b"
    ),
]
_WITH_MINUTES = [
    re.compile(rf"{_HOUR}\s*uhr\s*{_MINUTE}{_NO_MORE}"),
    re.compile(rf"{_HOUR}\s*uhr\s*(?P<minute>[1-9]){_NO_COUNT}(?![\d.:/-])"),
    re.compile(rf"{_HOUR}[:.]{_MINUTE}\s*(?:uhr|h)\b"),
    re.compile(rf"{_HOUR}\s?h\s?{_MINUTE}\b"),
    re.compile(rf"{_HOUR}:{_MINUTE}(?::\d\d)?{_NO_MORE}"),
    re.compile(rf"\b(?:um|gegen)\s+{_HOUR}\.{_MINUTE}(?!\.|\d)(?!\s*(?:€|euro))"),
    re.compile(rf"{_DAY_BEFORE}(?P<said>{_HOUR}\.(?P<minute>1[3-9]|[2-5]\d))(?![\d.])"),
    re.compile(r"(?<![\d.,:])(?P<hour>2[0-3]|[01]\d)(?P<minute>[0-5]\d)\s*uhr\b"),
]
_SPOKEN_MINUTES = re.compile(
    rf"(?:\b(?P<quarter>viertel|dreiviertel)|(?<![\d.,:/-])(?P<count>\d\d?)(?:\s*min(?:uten)?\.?)?)\s+(?P<side>vor|nach)\s+"
    rf"(?P<half>halb\s+)?(?P<base>2[0-4]|1\d|\d|eins)(?:\s*uhr\b)?{_NO_COUNT}{_NO_MORE}"
)
_SPOKEN_QUARTERS = re.compile(
    rf"\b(?P<quarter>viertel|halb|dreiviertel)\s+(?P<base>1[0-2]|[1-9]|eins)(?:\s*uhr\b)?{_NO_COUNT}{_NO_MORE}"
)
_WHOLE_HOURS = [
    re.compile(rf"{_HOUR}\s*(?:uhr|h)\b"),
    re.compile(rf"{_AROUND}(?P<hour>2[0-4]|1\d|\d|eins){_NO_COUNT}{_NO_MORE}"),
]
_SAME_TIME = re.compile(
    r"\b(?:um|zu|zur)\s+(?:(?:die|der)\s?)?(?:selbe[nr]?|gleiche[nr]?|diese[rn]?)\s+(?:uhr|tages)?zeit\b"
)
_MIDNIGHT = re.compile(r"\b(?:um\s+)?mitternacht\b")

_BEFORE_FULL = {"viertel": 45, "halb": 30, "dreiviertel": 15}
_STEPS = {"viertel": 15, "dreiviertel": 45}


def clocks(sentence: Sentence, parts: list[Part], now: time) -> Iterator[Clock]:
    """Take the times of day; a part of the day said anywhere decides between morning and afternoon."""
    stage = parts[0].stage if len(parts) == 1 else None
    for pattern in (*_RANGES, *_WITH_MINUTES):
        for match in sentence.take(pattern):
            hour, minute = _number(match["hour"]), match["minute"]
            yield _clock(hour * 60 + int(minute or 0), stage, match, spoken=minute is None)
    for match in sentence.take(_SPOKEN_MINUTES):
        minutes = _STEPS[match["quarter"]] if match["quarter"] else int(match["count"])
        base = _number(match["base"]) * 60 - (30 if match["half"] else 0)
        yield _clock(base + (minutes if match["side"] == "nach" else -minutes), stage, match, spoken=True)
    for match in sentence.take(_SPOKEN_QUARTERS):
        # "Viertel vier" is a quarter of the fourth hour: 3:15.
        minutes = _BEFORE_FULL[match["quarter"]]
        yield _clock(_number(match["base"]) * 60 - minutes, stage, match, spoken=True)
    for pattern in _WHOLE_HOURS:
        for match in sentence.take(pattern):
            yield _clock(_number(match["hour"]) * 60, stage, match, spoken=True)
    yield from _named(sentence, now)


def _named(sentence: Sentence, now: time) -> Iterator[Clock]:
    for match in sentence.take(_MIDNIGHT):
        yield Clock((time(0),), said(match), end_of_day=True)
    for match in sentence.take(_SAME_TIME):
        yield Clock((now,), said(match))


def _clock(minutes: int, stage: Stage | None, match: re.Match[str], *, spoken: bool) -> Clock:
    hour, minute = divmod(minutes % (24 * 60), 60)
    # "Halb eins" is half past twelve; "0 Uhr 30" is not spoken of like that.
    to_one = match.groupdict().get("base") in {"1", "eins"} and hour == 0
    hours = _to_one(stage) if to_one else _hours(hour, stage, spoken=spoken)
    return Clock(tuple(time(each, minute) for each in hours), said(match))


def _to_one(stage: Stage | None) -> tuple[int, ...]:
    if stage is None:
        return 0, 12
    return (12,) if stage in {Stage.NOON, Stage.AFTERNOON} else (0,)


def _hours(hour: int, stage: Stage | None, *, spoken: bool) -> tuple[int, ...]:
    """
    The hours of 24 that can be meant.

    From 1 to 6 both are likely ("um 4"); from 7 to 12 the German clock of 24 hours and office life agree.
    """
    if stage is not None:
        return (_bent(hour, stage),)
    if spoken and 1 <= hour <= 6:
        return hour, hour + 12
    return (hour,)


def _bent(hour: int, stage: Stage) -> int:
    later = {Stage.MORNING: 24, Stage.NOON: 1, Stage.AFTERNOON: 1, Stage.NIGHT: 6}[stage]
    latest = {Stage.MORNING: 0, Stage.NOON: 4, Stage.AFTERNOON: 11, Stage.NIGHT: 11}[stage]
    if stage is Stage.NIGHT and hour == 12:
        return 0
    return hour + 12 if later <= hour <= latest else hour


def _number(written: str) -> int:
    return 1 if written == "eins" else int(written)
