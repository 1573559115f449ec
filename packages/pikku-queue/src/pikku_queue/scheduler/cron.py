"""Cron expressions in a time zone: when the next one is, on the nights too on which clocks are changed.

The fields are `cronsim`'s, which reads and steps through them as Debian's cron does. So is the rule for nights on which clocks are
changed. An expression whose minute and hour are both said, `30 2 * * *`, means a time of day: it fires once where that time is there
twice, the first time, and at the end of the gap where it is not there. One with `*` in the minute or the hour, `*/15 * * * *` or
`0 */2 * * *`, means a rhythm: it fires at each moment at which a clock on the wall shows one of its times.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

SOME_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- a time on the wall, of no zone
FIELDS: Final = "minute hour day-of-month month day-of-week"
SECOND: Final = timedelta(seconds=1)


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
        walk = self._times_of_day if self._is_time_of_day else self._rhythm
        start = moment.astimezone(UTC)
        return next((found for found in walk(start) if found > start), None)

    def _times_of_day(self, start: datetime) -> Iterator[datetime]:
        for wall in CronSim(self._expression, start.astimezone(self._zone).replace(tzinfo=None)):
            yield moment_of(wall, self._zone)

    def _rhythm(self, start: datetime) -> Iterator[datetime]:
        walked = CronSim(self._expression, start.astimezone(self._zone))
        while (found := next(walked, None)) is not None:
            moment = found.astimezone(UTC)
            if _is_shown(found):
                yield moment
            else:  # It has stepped to a midnight that is not there: on from the end of that gap.
                walked = CronSim(self._expression, (moment - SECOND).astimezone(self._zone))


def moment_of(wall: datetime, zone: tzinfo) -> datetime:
    """When a clock on the wall first shows a time, in UTC; the end of the gap where it never does."""
    first = wall.replace(tzinfo=zone)
    if _is_shown(first):
        return first.astimezone(UTC)
    # In a gap the offset from before it (fold 0) is later than its end, and the one from after it earlier.
    late = first.astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
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
