"""How the jobs of a queue are worked off: `WorkerConfig`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeGuard

from pikku_core import DeclarationError
from pikku_core.duration import seconds_of
from pikku_queue.queue.backoff import Backoff
from pikku_queue.queue.message import PRIORITIES

if TYPE_CHECKING:
    from pikku_core.duration import Duration

RATE: Final = re.compile(r"([1-9][0-9]*)/(s|m|h)")
SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """How the jobs of a queue are worked off, and what jobs are that say nothing else.

    ```python
    WorkerConfig(concurrency=10, attempts=5, backoff=exponential("2s", limit="5m"), timeout="30s")
    ```

    Attributes:
        concurrency: How many jobs of the queue run at once in a worker process. None: as many as the process runs in all.
        group_concurrency: How many jobs of one group run at once, in all processes. None: no limit.
        rate_limit: How many jobs of the queue begin in a while, in all processes: `"10/s"`, `"600/m"`. Empty: no limit.
        attempts: How often a job is tried at most.
        backoff: The waits between attempts.
        priority: 0 to 9; higher goes first.
        timeout: How long an attempt may take; then it is cancelled and has failed. None: for ever. For async functions:
            nothing can end a sync one.
        visibility: How long a job may be without a sign of life of its worker until another gets it. A worker that lives
            gives them by itself, however long a job takes.
        keep: For how long settled jobs and their results are kept; failed ones are kept until they are replayed,
            dropped or added anew.
    """

    concurrency: int | None = None
    group_concurrency: int | None = None
    rate_limit: str = ""
    attempts: int = 3
    backoff: Backoff = field(default_factory=Backoff)
    priority: int = 0
    timeout: Duration | None = None
    visibility: Duration = "1m"
    keep: Duration = "1h"

    def __post_init__(self) -> None:
        problem = config_problem(self)
        if problem:
            raise DeclarationError(problem)


def config_problem(config: WorkerConfig) -> str:
    """What is wrong with a configuration, or nothing. Its values may be of any type."""
    for name in ("concurrency", "group_concurrency", "attempts"):
        value = getattr(config, name)
        if value is None and name != "attempts":
            continue
        if not (is_whole(value) and value >= 1):
            return f'The option "{name}" of a worker must be 1 or more, and is {value!r}.'
    if not is_whole(config.priority) or config.priority not in PRIORITIES:
        return f'The option "priority" of a worker must be 0 to 9, and is {config.priority!r}.'
    return (
        _backoff_problem(config.backoff)
        or _rate_problem(config.rate_limit)
        or _duration_problem(config)
    )


def _backoff_problem(backoff: object) -> str:
    if isinstance(backoff, Backoff):
        return ""
    return (
        'The option "backoff" of a worker must be a call of "fixed", "linear" or "exponential", and is '
        f"{backoff!r}."
    )


def _rate_problem(rate: object) -> str:
    if isinstance(rate, str) and (not rate or RATE.fullmatch(rate)):
        return ""
    return f'The option "rate_limit" of a worker is {rate!r}: write "10/s", "600/m" or "1000/h".'


def _duration_problem(config: WorkerConfig) -> str:
    for name in ("timeout", "visibility", "keep"):
        value = getattr(config, name)
        try:
            seconds = None if value is None else seconds_of(value)
        except ValueError as error:
            return f'The option "{name}" of a worker: {error}'
        if seconds == 0 and name != "keep":
            return f'The option "{name}" of a worker must be more than 0.'
    return ""


def is_whole(value: object) -> TypeGuard[int]:
    """Whether something is a whole number, and no bool: what comes from a caller without types."""
    return isinstance(value, int) and not isinstance(value, bool)


def interval_of(rate_limit: str) -> float:
    """Seconds between two jobs of a queue with that limit; 0 for none."""
    rate = RATE.fullmatch(rate_limit)
    return SECONDS[rate[2]] / int(rate[1]) if rate else 0.0
