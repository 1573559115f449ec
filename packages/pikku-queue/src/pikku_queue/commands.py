"""The commands of queues and schedules."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import Command

_JOBS: Final = "pikku_queue.queue.commands"
_SCHEDULES: Final = "pikku_queue.scheduler.commands"

COMMANDS: Final = (
    Command(
        name="worker",
        help="Work off queues, without a server.",
        target=f"{_JOBS}.worker:worker",
        filters=True,
        serves=True,
    ),
    Command(
        name="queue list",
        help="Show the queues of the project.",
        target=f"{_JOBS}.queues:list_",
    ),
    Command(
        name="queue stats",
        help="Show how many jobs there are of each status.",
        target=f"{_JOBS}.queues:stats",
    ),
    Command(
        name="queue peek",
        help="Show the next jobs of a queue, without taking them.",
        target=f"{_JOBS}.jobs:peek",
    ),
    Command(
        name="queue retry",
        help="Enqueue a job anew that failed, was discarded or cancelled.",
        target=f"{_JOBS}.jobs:retry",
    ),
    Command(
        name="queue dead",
        help="Show the dead letters of a queue, replay or drop them.",
        target=f"{_JOBS}.jobs:dead",
    ),
    Command(
        name="beat",
        help="Fire the schedules of the project; workers run what they call.",
        target=f"{_SCHEDULES}:beat",
        serves=True,
    ),
    Command(
        name="schedule list",
        help="Show the schedules, and when each fires next.",
        target=f"{_SCHEDULES}:list_",
    ),
    Command(
        name="schedule run",
        help="Fire a schedule now.",
        target=f"{_SCHEDULES}:run",
    ),
    Command(
        name="schedule pause",
        help="Let a schedule fire no more, until it is resumed.",
        target=f"{_SCHEDULES}:pause",
    ),
    Command(
        name="schedule resume",
        help="Let a schedule that is paused fire again.",
        target=f"{_SCHEDULES}:resume",
    ),
)
"""What each of them does is imported when it is called."""
