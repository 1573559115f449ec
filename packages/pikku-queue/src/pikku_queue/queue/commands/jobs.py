"""`pikku queue peek`, `pikku queue retry` and `pikku queue dead`: single jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from pikku_core.nearest import nearest_name
from pikku_core.plugin import CommandError, current_tool
from pikku_queue.queue.commands.options import (  # noqa: TC001 - Typer reads annotations
    Job,
    Json,
    Limit,
    Queue,
)
from pikku_queue.queue.commands.shown import HEADINGS, cells, facts
from pikku_queue.queue.commands.stored import with_jobs
from pikku_queue.queue.record import STATUSES, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_queue.queue.commands.stored import Stored
    from pikku_queue.queue.record import JobRecord

NEAR = 1000
"""How many ids of a status are looked through for one that was meant."""


def peek(
    queue: Queue,
    *,
    status: Annotated[
        str, typer.Option("--status", metavar="|".join(STATUSES), help="Which jobs.")
    ] = "waiting",
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show the next jobs of a queue, without taking them.

    Waiting jobs stand in the order in which they will be taken, settled ones newest first.
    """
    if status not in STATUSES:
        near = nearest_name(status, STATUSES)
        hint = f'did you mean "{near}"?' if near else f"there is {', '.join(STATUSES)}."
        raise CommandError(f'There is no status "{status}": {hint}', 2)
    chosen: Status = next(one for one in get_args(Status) if one == status)

    async def listed(stored: Stored) -> Sequence[JobRecord]:
        return await stored.backend.list(stored.check(queue), chosen, limit)

    _show(queue, chosen, with_jobs(listed), as_json=as_json)


def retry(queue: Queue, id: Job, *, as_json: Json = False) -> None:
    """Enqueue a job anew that failed, was discarded or cancelled, with all its attempts."""

    async def retried(stored: Stored) -> None:
        await _retry(stored, stored.check(queue), id)

    with_jobs(retried)
    _tell({"queue": queue, "retried": [id]}, f'The job "{id}" waits again.', as_json=as_json)


def dead(
    queue: Queue,
    *,
    replay: Annotated[
        str | None, typer.Option("--replay", metavar="ID", help="Enqueue this one anew.")
    ] = None,
    replay_all: Annotated[
        bool, typer.Option("--replay-all", help="Enqueue all of them anew.")
    ] = False,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="ID", help="Forget this one.")
    ] = None,
    drop_all: Annotated[bool, typer.Option("--drop-all", help="Forget all of them.")] = False,
    limit: Limit = 10,
    as_json: Json = False,
) -> None:
    """Show the dead letters of a queue: the jobs that failed with their last attempt. Replay or drop them.

    They are kept until they are replayed or dropped. A replayed job has all its attempts again.
    """
    if sum([replay is not None, replay_all, drop is not None, drop_all]) > 1:
        raise CommandError(
            'One of "--replay", "--replay-all", "--drop" and "--drop-all" can be given.', 2
        )
    given = replay if replay is not None else drop
    changes, replays = given is not None or replay_all or drop_all, replay is not None or replay_all
    if not changes:

        async def listed(stored: Stored) -> Sequence[JobRecord]:
            return await stored.backend.list(stored.check(queue), "failed", limit)

        _show(queue, "failed", with_jobs(listed), as_json=as_json)
        return

    async def changed(stored: Stored) -> list[str]:
        name = stored.check(queue)
        if given is not None:
            await _dead(stored, name, given)
            ids = [given]
        else:
            # As many as there are now: one that is replayed may be here again before the last of them is.
            counted = await stored.backend.counts(name)
            ids = [one.id for one in await stored.backend.list(name, "failed", counted.failed)]
        change = stored.backend.retry if replays else stored.backend.remove
        return [one for one in ids if await change(name, one)]

    ids = with_jobs(changed)
    done = "replayed" if replays else "dropped"
    told = f"{len(ids)} dead {'letter was' if len(ids) == 1 else 'letters were'} {done}."
    _tell({"queue": queue, done: ids}, told, as_json=as_json)


async def _retry(stored: Stored, queue: str, id: str) -> None:
    if await stored.backend.retry(queue, id):
        return
    record = await _found(stored, queue, id)
    raise CommandError(
        f'The job "{id}" of "{queue}" is {record.status}: only one that failed, was discarded or cancelled is retried.'
    )


async def _dead(stored: Stored, queue: str, id: str) -> None:
    record = await _found(stored, queue, id)
    if record.status != "failed":
        raise CommandError(f'The job "{id}" of "{queue}" is no dead letter: it is {record.status}.')


async def _found(stored: Stored, queue: str, id: str) -> JobRecord:
    record = await stored.backend.get(queue, id)
    if record is not None:
        return record
    known = [one.id for one in await stored.backend.list(queue, "failed", NEAR)]
    near = nearest_name(id, known)
    hint = (
        f' Did you mean "{near}"?' if near else f' "pikku queue dead {queue}" lists dead letters.'
    )
    raise CommandError(f'There is no job "{id}" in "{queue}".{hint}', 2)


def _show(queue: str, status: str, records: Sequence[JobRecord], *, as_json: bool) -> None:
    tool = current_tool()
    if as_json:
        jobs = [facts(one) for one in records]
        tool.show_json({"queue": queue, "status": status, "jobs": jobs})
        return
    if not records:
        typer.echo(f'No job of "{queue}" is {status}.')
    tool.show_table(f"{queue}, {status}", HEADINGS, [cells(one) for one in records])


def _tell(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        current_tool().show_json(document)
    else:
        typer.echo(text)
