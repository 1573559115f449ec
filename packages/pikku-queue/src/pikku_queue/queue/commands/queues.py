"""`pikku queue list` and `pikku queue stats`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pikku_core.plugin import current_tool
from pikku_queue.queue.commands.options import Json  # noqa: TC001 - Typer reads annotations
from pikku_queue.queue.commands.stored import functions_of, with_jobs
from pikku_queue.queue.record import STATUSES
from pikku_queue.queue.wiring import QueueWiring

if TYPE_CHECKING:
    from pikku_queue.queue.commands.stored import Stored


def list_(*, as_json: Json = False) -> None:
    """Show the queues of the project: the function of each, and what differs from what workers are by default.

    The broker is not asked.
    """
    tool = current_tool()
    app = tool.load_app()
    functions = functions_of(app)
    config = {row.id: dict(row.meta.get("config", {})) for row in app.wirings("queue", QueueWiring)}
    found = [
        {"name": name, "function": functions[name], "config": config[f"queue:{name}"]}
        for name in sorted(functions)
    ]
    if as_json:
        tool.show_json({"queues": found})
        return
    if not found:
        typer.echo("The project has no queues.")
    rows = [[str(one["name"]), str(one["function"]), _options(one["config"])] for one in found]
    tool.show_table("Queues", ["Queue", "Function", "Worker"], rows)


def stats(
    queue: Annotated[
        str | None, typer.Argument(metavar="[QUEUE]", help="A queue. Default: all.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show how many jobs there are of each status.

    Queues of which the broker holds jobs are shown where the project has no worker for them, too.
    """

    async def counted(stored: Stored) -> list[dict[str, Any]]:
        names = stored.names if queue is None else [stored.check(queue)]
        return [
            {"name": name, "worker": name in stored.worked}
            | asdict(await stored.backend.counts(name))
            for name in names
        ]

    found = with_jobs(counted)
    tool = current_tool()
    if as_json:
        tool.show_json({"queues": found})
        return
    if not found:
        typer.echo("There are no queues.")
    rows = [
        [one["name"] if one["worker"] else f"{one['name']} (no worker)", *_counts(one)]
        for one in found
    ]
    tool.show_table("Jobs", ["Queue", *(name.title() for name in STATUSES)], rows)


def _counts(row: dict[str, Any]) -> list[str]:
    return [str(row[status]) for status in STATUSES]


def _options(config: Any) -> str:
    return ", ".join(f"{name}={_spelled(value)}" for name, value in config.items())


def _spelled(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['kind']} {value['delay']:g} s"
    return str(value)
