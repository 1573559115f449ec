"""From call sites to wirings: `wire_scheduler`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core.plugin.expression import Constant
from pikku_queue.scheduler.timetable import UnknownTimeZoneError, timetable_of, zone_of
from pikku_queue.scheduler.wiring import (
    OPTIONS,
    SchedulerWiring,
    name_problem,
    options_problem,
    wiring_id,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic


def read_scheduler(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_scheduler` call."""
    name, schedule = site.literal("name", str), site.literal("schedule", str)
    timezone = site.literal("timezone", str, "UTC")
    if problem := name_problem(name):
        return [site.diagnostic("PKU940", problem)]
    try:
        zone_of(timezone)
        timetable_of(schedule, timezone)
    except UnknownTimeZoneError as error:
        return [site.diagnostic("PKU942", str(error))]
    except ValueError as error:
        return [site.diagnostic("PKU941", str(error))]
    options = {option: _value(site, option) for option in OPTIONS}
    if problem := options_problem(options):
        return [site.diagnostic("PKU943", problem)]
    function = site.function()
    if function.data is not None and not function.data_optional:
        message = (
            f'The schedule "{name}" calls "{function.id}", which takes data that nobody gives.'
        )
        hint = "Give the parameter a default, or wire a function that calls it with the data."
        return [site.diagnostic("PKU944", message, hint=hint)]
    meta: dict[str, Any] = {
        "type": "schedule",
        "name": name,
        "schedule": schedule,
        "timezone": timezone,
        **{option: value for option, value in options.items() if value != _default(option)},
    }
    if not site.literal("enabled", bool, True):
        meta["enabled"] = False
    return [site.wiring(kind="scheduler", id=wiring_id(name), meta=meta)]


def _value(site: CallSite, option: str) -> Any:
    given = site.arguments.get(option)
    if given is None:
        return _default(option)
    return given.value if isinstance(given, Constant) else site.literal(option, str)


def _default(option: str) -> Any:
    return SchedulerWiring.__dataclass_fields__[option].default
