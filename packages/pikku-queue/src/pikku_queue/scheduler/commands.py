"""The commands of schedules: `pikku beat`, `pikku schedule`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer

from pikku_core import DeclarationError, PikkuError
from pikku_core.plugin import CommandError, current_tool
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.commands.options import Json  # noqa: TC001 - Typer reads annotations
from pikku_queue.queue.connection import QueueConnection
from pikku_queue.scheduler.connection import ScheduleConnection
from pikku_queue.scheduler.errors import ScheduleNotFoundError
from pikku_queue.scheduler.firing import Firing
from pikku_queue.scheduler.producer import Schedule

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pikku_core import App
    from pikku_queue.scheduler.record import ScheduleRecord

R = TypeVar("R")

Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="The name of the schedule.")]


def beat() -> None:
    """Fire the schedules of the project; workers run what they call.

    Any number of these may run, and any number of "pikku serve" and "pikku dev": one of them looks when something is
    due, and another one does when that one has ended or died.
    """
    tool = current_tool()
    tool.serve(tool.load_app(), "scheduler", {"does": "fire"})


def list_(*, as_json: Json = False) -> None:
    """Show the schedules: when each fires next, and what became of its last firing."""

    async def listed(schedule: Schedule) -> Sequence[ScheduleRecord]:
        return await schedule.list()

    found = with_schedules(listed)
    tool = current_tool()
    if as_json:
        tool.show_json({"schedules": [_facts(one) for one in found]})
        return
    if not found:
        typer.echo("The project has no schedules.")
    headings = ["Schedule", "When", "Zone", "Function", "Next", "Last"]
    tool.show_table("Schedules", headings, [_cells(one) for one in found])


def run(name: Name, *, as_json: Json = False) -> None:
    """Fire a schedule now, whether or not it is due, enabled or paused; a worker runs what it calls.

    What the schedule says about overlapping holds: where the firing before is not done yet, this one may be skipped.
    """

    async def triggered(schedule: Schedule) -> tuple[str, str]:
        handle = await schedule.trigger(name)
        record = await handle.record()
        return handle.id, "" if record is None else Firing.from_json(record.data).skipped

    firing, skipped = with_schedules(triggered)
    if as_json:
        current_tool().show_json({"schedule": name, "firing": firing, "skipped": skipped})
    elif skipped:
        typer.echo(f'The schedule "{name}" skips this firing: {skipped}')
    else:
        typer.echo(f'The schedule "{name}" has fired: {firing}.')


def pause(name: Name, *, as_json: Json = False) -> None:
    """Let a schedule fire no more, in any process, until it is resumed."""

    async def paused(schedule: Schedule) -> bool:
        return await schedule.pause(name)

    changed = with_schedules(paused)
    _tell(name, changed, "is paused", "was paused already", as_json=as_json)


def resume(name: Name, *, as_json: Json = False) -> None:
    """Let a schedule that is paused fire again, from its next moment on: what it has missed is not made up for."""

    async def resumed(schedule: Schedule) -> bool:
        return await schedule.resume(name)

    changed = with_schedules(resumed)
    _tell(name, changed, "fires again", "was not paused", as_json=as_json)


def with_schedules(use: Callable[[Schedule], Awaitable[R]]) -> R:
    """What a function gives of the project's schedules, without the project's services.

    Raises:
        CommandError: There are no fresh generated files, no schedule of that name, or the broker cannot be reached.
    """
    try:
        return asyncio.run(_used(current_tool().load_app(), use))
    except ScheduleNotFoundError as error:
        raise CommandError(error.message, 2) from error
    except (DeclarationError, PikkuError) as error:
        raise CommandError(str(error)) from error


async def _used(app: App, use: Callable[[Schedule], Awaitable[R]]) -> R:
    queues = QueueConnection(SystemClock())
    await queues.open(app)
    try:
        connection = ScheduleConnection(queues)
        connection.open(app)
        return await use(Schedule(connection))
    finally:
        await queues.close()


def _tell(name: str, changed: bool, done: str, undone: str, *, as_json: bool) -> None:
    if as_json:
        current_tool().show_json({"schedule": name, "changed": changed})
    else:
        typer.echo(f'The schedule "{name}" {done if changed else undone}.')


def _facts(record: ScheduleRecord) -> dict[str, Any]:
    facts = asdict(record)
    facts["next"] = None if record.next is None else record.next.isoformat()
    if record.last is not None:
        moments = ("due", "started", "ended")
        facts["last"] |= {name: _moment(facts["last"][name]) for name in moments}
    return facts


def _moment(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


def _cells(record: ScheduleRecord) -> list[str]:
    following = "disabled"
    if record.is_paused:
        following = "paused"
    elif record.next is not None:
        following = f"{record.next:%Y-%m-%d %H:%M:%S %Z}"
    elif record.is_enabled:
        following = "never"
    last = (
        ""
        if record.last is None
        else f"{record.last.status} {record.last.due:%Y-%m-%d %H:%M:%S %Z}"
    )
    return [record.name, record.schedule, record.timezone, record.function, following, last]
