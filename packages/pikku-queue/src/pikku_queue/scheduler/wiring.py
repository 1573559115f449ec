"""What users call to declare schedules: a pure function that returns a frozen declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias, get_args

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring
from pikku_core.declaration import listed, names, refuse_function
from pikku_core.duration import seconds_of
from pikku_queue.scheduler.timetable import UnknownTimeZoneError, timetable_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pikku_core.duration import Duration

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")

Overlap: TypeAlias = Literal["skip", "allow", "queue"]
Misfire: TypeAlias = Literal["skip", "once", "all"]
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "overlap": get_args(Overlap),
    "misfire": get_args(Misfire),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerWiring(Wiring):
    """A function that is called at certain times; what `wire_scheduler` returns."""

    kind: ClassVar[str] = "scheduler"
    needs: ClassVar[tuple[str, ...]] = ("queue_connection", "schedule_connection")
    name: str
    schedule: str
    timezone: str = "UTC"
    overlap: Overlap = "skip"
    misfire: Misfire = "skip"
    jitter: Duration = 0
    enabled: bool = True
    attempts: int = 1
    timeout: Duration | None = None

    @property
    def id(self) -> str:
        """`scheduler:<name>`."""
        return wiring_id(self.name)


def wire_scheduler(
    *,
    name: str,
    schedule: str,
    func: Callable[..., Any],
    timezone: str = "UTC",
    overlap: Overlap = "skip",
    misfire: Misfire = "skip",
    jitter: Duration = 0,
    enabled: bool = True,
    attempts: int = 1,
    timeout: Duration | None = None,
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> SchedulerWiring:
    """Declares that a function is called at certain times.

    ```python
    wire_scheduler(
        name="digest", schedule="0 9 * * MON-FRI", timezone="Europe/Berlin", func=send_digest
    )
    ```

    Each moment fires once, however many processes run. Nobody is calling: the function has no session but what middleware gives it.

    Args:
        name: The schedule: letters, digits, `_`, `-` and `.`.
        schedule: Five fields of cron (minute, hour, day of the month, month, day of the week; `MON` and `JAN` are days and months),
            six with the seconds first, `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, or `@every 5m`.
        func: A function without data, or whose data has a default.
        timezone: Whose clock the schedule means, a name of the IANA database. On nights on which clocks are changed a time of day
            fires once, at the end of a gap that swallows it; a rhythm (`*` in the minute or the hour) fires in real time.
        overlap: When the firing before is not done yet: `skip` this one, `allow` both at once, or `queue` this one behind it.
        misfire: Of the moments at which nothing ran that could fire: `skip` them, fire `once` for the last of them, or `all` of them.
            One that is less than a minute late is none of these: it fires.
        jitter: A firing is late by up to that, the same on each process, so that many schedules do not begin at once.
        enabled: Whether it fires by itself; one that does not can be triggered.
        attempts: How often a firing is tried at most.
        timeout: How long an attempt may take. None: for ever.
        auth: True asks for a session although the function does not.
        scopes: Scopes that the session must hold, beside the function's own.
        permissions: Checks beside the function's own.
        middleware: Runs inside global and tag middleware, outside the function's own.
        tags: Labels for filters and tag middleware.

    Raises:
        DeclarationError: The name, the schedule, the zone or an option is not well-formed.
    """
    if permissions is not None:
        refuse_function("permissions", permissions)
    wiring = SchedulerWiring(
        name=name,
        schedule=schedule,
        func=func,
        timezone=timezone,
        overlap=overlap,
        misfire=misfire,
        jitter=jitter,
        enabled=enabled,
        attempts=attempts,
        timeout=timeout,
        auth=auth,
        scopes=names("scopes", scopes),
        permissions=permissions,
        middleware=listed("middleware", middleware),
        tags=names("tags", tags),
    )
    options = {option: getattr(wiring, option) for option in OPTIONS}
    problem = name_problem(name) or when_problem(schedule, timezone) or options_problem(options)
    if problem:
        raise DeclarationError(problem)
    return wiring


OPTIONS: Final = ("overlap", "misfire", "jitter", "attempts", "timeout")
"""What `options_problem` is asked about."""


def wiring_id(name: str) -> str:
    """The identity of a wiring."""
    return f"scheduler:{name}"


def name_problem(name: str) -> str:
    """What is wrong with the name of a schedule, or nothing."""
    if NAME.fullmatch(name):
        return ""
    return (
        f'The schedule "{name}" must begin with a letter and hold nothing but letters, digits, "_", "-" and "." '
        "(100 at most)."
    )


def when_problem(schedule: str, timezone: str) -> str:
    """What is wrong with a schedule in a time zone that there is, or nothing."""
    try:
        timetable_of(schedule, timezone)
    except UnknownTimeZoneError as error:
        return str(error)
    except ValueError as error:
        return str(error)
    return ""


def options_problem(options: Mapping[str, Any]) -> str:
    """What is wrong with the options of a schedule, or nothing."""
    for name, choices in CHOICES.items():
        if options[name] not in choices:
            listed_ = ", ".join(f'"{choice}"' for choice in choices)
            return (
                f'The option "{name}" of a schedule is one of {listed_}, and is {options[name]!r}.'
            )
    for name in ("jitter", "timeout"):
        try:
            seconds = None if options[name] is None else seconds_of(options[name])
        except (TypeError, ValueError) as error:
            return f'The option "{name}" of a schedule: {error}'
        if seconds == 0 and name == "timeout":
            return 'The option "timeout" of a schedule must be more than 0.'
    if not isinstance(options["attempts"], int) or options["attempts"] < 1:
        return (
            f'The option "attempts" of a schedule must be 1 or more, and is {options["attempts"]}.'
        )
    if options["misfire"] == "all" and options["overlap"] == "skip":
        return 'The option "misfire" of a schedule can be "all" where "overlap" is "queue" or "allow": else all but one are skipped.'
    return ""
