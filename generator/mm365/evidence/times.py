"""Reads the time that an operator wrote into a record: a moment, or from when to when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mm365.scripts.operator_step import TIME_FORMS

ACCEPTED = f"{TIME_FORMS}; with an offset it is 2026-12-01T16:30+02:00"
"""What can be read, for a message."""

_MOMENT = re.compile(
    r"(?:(?P<date>\d{4}-\d\d-\d\d)(?:\s+|T))?(?P<time>\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?\s*(?P<offset>Z|UTC|[+-]\d\d:\d\d)?",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+(?:to|-|\N{EN DASH})\s+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Period:
    """From when to when something was done, in UTC. ``single`` says that only one time was written, for both."""

    begin: datetime
    end: datetime
    single: bool


def read_period(text: str) -> Period | None:
    """The period that was written, or None if it cannot be read.

    The second time may leave out the date and the offset; they are then those of the first.
    """
    first, *others = (_MOMENT.fullmatch(part) for part in _BETWEEN.split(text.strip()))
    if first is None or first["date"] is None or len(others) > 1:
        return None
    begin = _moment(first["date"], first["time"], first["offset"])
    if not others:
        return Period(begin=begin, end=begin, single=True) if begin else None
    second = others[0]
    end = (
        _moment(second["date"] or first["date"], second["time"], second["offset"] or first["offset"])
        if second
        else None
    )
    return Period(begin=begin, end=end, single=False) if begin and end else None


def _moment(date: str, time: str, offset: str | None) -> datetime | None:
    zone = "+00:00" if offset is None or offset.upper() in {"Z", "UTC"} else offset
    try:
        return datetime.fromisoformat(f"{date}T{time.zfill(len('00:00'))}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def in_words(time: datetime) -> str:
    """A time as an operator would write it."""
    return f"{time:%Y-%m-%d %H:%M}"


def span_in_words(span: timedelta) -> str:
    """A span that is not negative, in hours and minutes."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
