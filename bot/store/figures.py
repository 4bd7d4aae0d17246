"""Count what happened: rows → figures. The database counts; no message is loaded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from statistics import median, quantiles
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, FromClause, Row, Select, and_, case, func, or_, select, values
from sqlalchemy import column as column_of

from bot.conversations.model import Author, Decision, Reason
from bot.handoff.model import Outcome
from bot.insight.model import Count, Day, Selection, Volume, Waits
from bot.store.database import Database
from bot.store.letters import lowered
from bot.store.selection import in_channel, within
from bot.store.tables import Moment, conversations, handoffs, messages

FAILED = "failed"
"""The label of a message whose turn failed (bot.conversations.turn)."""
