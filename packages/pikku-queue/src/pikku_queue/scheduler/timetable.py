"""What `schedule=` says: a cron expression, one of its short forms, or `@every`."""

from __future__ import annotations

from datetime import UTC, datetime
from math import floor
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pikku_core.duration import seconds_of
from pikku_queue.scheduler.cron import Cron

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT_FORMS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
EVERY: Final = "@every"


class Timetable(Protocol):
    """When a schedule fires."""

    def after(self, moment: datetime) -> datetime | None:
        """The first moment later than `moment`, in UTC; None where there is none within 50 years."""
        ...


class Every:
    """Each whole multiple of an interval since 1970, UTC: all processes have the same moments, whenever they were started.

    Args:
        seconds: The interval, 1 or more, whole.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def after(self, moment: datetime) -> datetime:
        """The first moment later than `moment`, in UTC."""
        passed = floor(moment.timestamp() / self._seconds)
        return datetime.fromtimestamp((passed + 1) * self._seconds, UTC)


def timetable_of(schedule: str, timezone: str = "UTC") -> Timetable:
    """What a schedule in a time zone means.

    Raises:
        ValueError: The schedule is not well-formed.
        UnknownTimeZoneError: There is no such zone.
    """
    zone = zone_of(timezone)
    word, _, rest = schedule.strip().partition(" ")
    if word == EVERY:
        return _every(schedule, rest.strip())
    if word.startswith("@"):
        expression = SHORT_FORMS.get(word)
        if expression is None or rest:
            raise ValueError(
                f'The schedule "{schedule}" is not well-formed: there is {", ".join(SHORT_FORMS)}, and "@every 5m".'
            )
        return Cron(expression, zone)
    return Cron(schedule, zone)


class UnknownTimeZoneError(ValueError):
    """There is no such time zone."""


def zone_of(timezone: str) -> ZoneInfo:
    """A zone of the IANA database.

    Raises:
        UnknownTimeZoneError: There is none of that name.
    """
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZoneError(
            f'There is no time zone "{timezone}": write one of the IANA database, such as "Europe/Berlin", or "UTC".'
        ) from None


def between(timetable: Timetable, after: datetime, until: datetime) -> Iterator[datetime]:
    """The moments later than `after` and not later than `until`, in order."""
    moment = timetable.after(after)
    while moment is not None and moment <= until:
        yield moment
        moment = timetable.after(moment)


def latest(timetable: Timetable, after: datetime, until: datetime) -> datetime | None:
    """The last of these; None where there is none. Its price does not grow with how long ago `after` is."""
    span = 60.0
    while True:
        start = max(after.timestamp(), until.timestamp() - span)
        found: datetime | None = None
        for found in between(timetable, datetime.fromtimestamp(start, UTC), until):  # noqa: B007 -- the last is wanted
            pass
        if found is not None or start == after.timestamp():
            return found
        span *= 60


def _every(schedule: str, interval: str) -> Every:
    try:
        seconds = seconds_of(interval)
    except ValueError as error:
        raise ValueError(f'The schedule "{schedule}" is not well-formed: {error}') from None
    if seconds < 1 or seconds != int(seconds):
        raise ValueError(
            f'The schedule "{schedule}" is not well-formed: the interval is whole seconds, one at least.'
        )
    return Every(int(seconds))
