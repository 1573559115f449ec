"""Cron expressions in a time zone: when the next one is, on the nights too on which clocks are changed.

The fields are `cronsim`'s, which reads and steps through them as Debian's cron does; so is the rule for nights on which clocks are
changed. An expression whose minute and hour are both said, `30 2 * * *`, means a time of day: it fires once where that time is there
twice, the first time, and at the end of the gap where it is not there. One with `*` in the minute or the hour, `*/15 * * * *` or
`0 */2 * * *`, means a rhythm: it fires at each moment at which a clock on the wall shows one of its times.

`cronsim` is asked for times on the wall alone. Which moments these are is found out here: its own way steps by whole hours, and
passes over half of one where a zone's clocks are changed by thirty minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from datetime import tzinfo

SOME_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- a time on the wall, of no zone
FIELDS: Final = "minute hour day-of-month month day-of-week"
SECOND: Final = timedelta(seconds=1)
DAY: Final = timedelta(days=1)


class Cron:
    """A cron expression.

    Args:
        expression: Five fields, or six of which the first are the seconds.
        zone: Whose clock it means.

    Raises:
        ValueError: It is not well-formed, or there is no such day.
    """

    def __init__(self, expression: str, zone: tzinfo) -> None:
        self._expression = expression
        self._zone = zone
        try:
            next(CronSim(expression, SOME_DAY))
        except CronSimError as error:
            raise ValueError(_problem(expression, str(error))) from None
        except (StopIteration, RuntimeError):
            raise ValueError(f'The schedule "{expression}" has no day on which it fires.') from None
        minute, hour = expression.split()[-5:-3]
        self._is_time_of_day = not (minute.startswith("*") or hour.startswith("*"))

    def after(self, moment: datetime) -> datetime | None:
        """The first moment later than `moment`, in UTC; None where there is none within 50 years.

        Args:
            moment: Aware.
        """
        start = moment.astimezone(UTC)
        return self._time_of_day(start) if self._is_time_of_day else self._rhythm(start)

    def _time_of_day(self, start: datetime) -> datetime | None:
        for wall in CronSim(self._expression, on_wall(start, self._zone)):
            moment = moment_of(wall, self._zone)
            if moment > start:
                return moment
        return None

    def _rhythm(self, start: datetime) -> datetime | None:
        zone, soon = self._zone, start + DAY
        wall = on_wall(start, zone)
        found = next(CronSim(self._expression, wall), None)
        if found is None:
            return None
        moment = start + (found - wall)
        if on_wall(soon, zone) - wall != DAY:
            change = changed(start, soon, zone)
            if (
                moment >= change
            ):  # From there on the clock shows other times, some of them once more.
                wall = on_wall(change, zone) - SECOND
                found = next(CronSim(self._expression, wall), found)
                moment = change - SECOND + (found - wall)
        return moment if moment <= soon else self._shown(found)

    def _shown(self, wall: datetime) -> datetime | None:
        """When a time that is more than a day away is first shown; where it never is, the next one that is."""
        for time in chain((wall,), CronSim(self._expression, wall)):
            if _is_shown(time.replace(tzinfo=self._zone)):
                return time.replace(tzinfo=self._zone).astimezone(UTC)
        return None


def on_wall(moment: datetime, zone: tzinfo) -> datetime:
    """What a clock on the wall shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


def moment_of(wall: datetime, zone: tzinfo) -> datetime:
    """When a clock on the wall first shows a time, in UTC; the end of the gap where it never does."""
    first = wall.replace(tzinfo=zone)
    if _is_shown(first):
        return first.astimezone(UTC)
    # Of a time in a gap, the offset from before the gap (fold 0) gives a moment after it, and the other one before.
    return changed(wall.replace(tzinfo=zone, fold=1), first, zone)


def changed(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """The first moment, in UTC, with the offset that holds at `late` and does not at `early`."""
    early, late = early.astimezone(UTC), late.astimezone(UTC)
    offset = late.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def _is_shown(time: datetime) -> bool:
    """Whether a clock on the wall ever shows an aware time."""
    shown = time.astimezone(UTC).astimezone(time.tzinfo)
    return shown.replace(tzinfo=None) == time.replace(tzinfo=None)


def _problem(expression: str, error: str) -> str:
    if error.startswith("Bad "):
        return f'The schedule "{expression}" is not well-formed: its {error.removeprefix("Bad ")} is not one.'
    return (
        f'The schedule "{expression}" is not well-formed: write five fields ({FIELDS}), such as "0 9 * * MON-FRI", '
        'six with the seconds first, "@daily" or "@every 5m".'
    )
