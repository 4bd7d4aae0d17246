"""What a sentence says of days and times, before it is put together to points in time."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

Span = tuple[int, int]


class Question(StrEnum):
    """What has to be asked back."""

    HOUR = "hour"
    """In the morning or in the afternoon: "um 4"."""
    NIGHT = "night"
    """The night before or after that day: "gestern Nacht um 3"."""
    WEEKDAY = "weekday"
    """Today or a week ago: "am Dienstag", said on a Tuesday."""
    WEEK = "week"
    """This week's or last week's: "letzten Freitag", said on a Saturday."""
    YEAR = "year"
    DAY_OR_MONTH = "day_or_month"
    """03/04."""
    WHICH_DAY = "which_day"
    """Of a week-end, a week or a month."""
    WHICH_TIME = "which_time"
    """Of the last hours: "vorhin"."""
    SEVERAL = "several"
    """More than one point was said."""


@dataclass(frozen=True)
class Day:
    """A day, or the days that can be meant."""

    dates: tuple[date, ...]
    span: Span
    key: Question = Question.WHICH_DAY
    weekday: int | None = None
    """0 (Monday) to 6, where no more than that was said."""
    weeks_ago: int = 0
    """"Vor zwei Wochen": another word may say which day of it."""
    today: bool = False


@dataclass(frozen=True)
class Clock:
    """A time of day, or the two that can be meant."""

    times: tuple[time, ...]
    span: Span
    end_of_day: bool = False
    """Midnight: the day's beginning or its end."""


class Stage(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    NIGHT = "night"


class Night(StrEnum):
    """How a night lies to the day that was said with it."""

    BEGINS = "begins"
    """In its evening: "in der Nacht von Sonntag auf Montag", with Sunday."""
    ENDS = "ends"
    """In its morning: "heute Nacht", of what has happened."""
    EITHER = "either"


@dataclass(frozen=True)
class Part:
    """A part of a day: its beginning, and how it bends an hour of twelve."""

    start: time
    stage: Stage
    span: Span
    night: Night | None = None


@dataclass(frozen=True)
class Instant:
    """A point that needs no day beside it ("vor 2 Stunden"), or none that can be told ("vorhin")."""

    at: datetime | None
    span: Span
