"""What becomes of jobs that a worker has, each a function of a connection that runs in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_queue.queue.attempt import lost
from pikku_queue.queue.embedded.queries import message_of
from pikku_queue.queue.outcome import Completed, Discarded, Failed, Retried, Returned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from sqlite3 import Connection

    from pikku_queue.queue.message import Delivery
    from pikku_queue.queue.outcome import Outcome

OWN = "queue = ? and id = ? and status = 'active' and token = ?"
GIVE_BACK = f"""
update jobs set status = 'waiting', attempt = attempt - 1, started = null, lease = null, token = null where {OWN}
"""  # noqa: S608 - the condition above


def renew(
    connection: Connection, held: Mapping[tuple[str, str, str], float]
) -> list[tuple[str, str, str]]:
    """Gives a sign of life for jobs; returns those that this worker has no more.

    Args:
        held: Queue, job and token, with the end of each one's lease.
    """
    gone: list[tuple[str, str, str]] = []
    for key, until in held.items():
        changed = connection.execute(
            f"update jobs set lease = ? where {OWN}",  # noqa: S608 - the condition above
            (until, *key),
        )
        if not changed.rowcount:
            gone.append(key)
    return gone


def reclaim(connection: Connection, now: float) -> None:
    """Takes jobs away from workers that gave no sign of life: that attempt was lost."""
    rows = connection.execute(
        "select * from jobs where status = 'active' and lease <= ?", (now,)
    ).fetchall()
    for row in rows:
        try:
            outcome: Outcome = lost(message_of(row), row["attempt"])
        except Exception as error:  # noqa: BLE001 - whatever is in the row, the others are reclaimed
            outcome = unreadable(error)
        record(connection, row["number"], outcome, now)


def settle(
    connection: Connection, delivery: Delivery, token: str, outcome: Outcome, now: float
) -> bool:
    """Records what an attempt came to, if the worker still has the job; says whether."""
    message = delivery.message
    row = connection.execute(
        f"select number from jobs where {OWN} and attempt = ?",  # noqa: S608 - the condition above
        (message.queue, message.id, token, delivery.attempt),
    ).fetchone()
    if row is None:
        return False
    record(connection, row["number"], outcome, now)
    return True


def give_back(connection: Connection, held: Iterable[tuple[str, str, str]]) -> None:
    """Lets others have jobs of a worker that leaves; these attempts do not count."""
    for key in held:
        connection.execute(
            GIVE_BACK,
            key,
        )


def record(connection: Connection, number: int, outcome: Outcome, now: float) -> None:
    """Writes down what an attempt came to."""
    changes: dict[str, Any] = {"status": "waiting", "started": None}  # Returned
    match outcome:
        case Completed(result=result):
            changes = {"status": "completed", "result": result}
            changes |= {"error": "", "code": "", "ended": now}
        case Retried(after=after, error=error, code=code):
            changes = {"status": "delayed", "due": now + after, "error": error, "code": code}
        case Failed(error=error, code=code):
            changes = {"status": "failed", "error": error, "code": code, "ended": now}
        case Discarded(reason=reason):
            changes = {"status": "discarded", "error": reason, "ended": now}
        case Returned():
            pass
    less = int(isinstance(outcome, Returned))
    columns = ", ".join(f"{name} = ?" for name in changes)
    connection.execute(
        f"update jobs set lease = null, token = null, attempt = attempt - ?, {columns} where number = ?",  # noqa: S608 - names that stand above
        (less, *changes.values(), number),
    )


def unreadable(error: Exception) -> Failed:
    """What becomes of a job that somebody else has written, or another version."""
    return Failed(
        error=f"The job cannot be read: {type(error).__name__}: {error}.", code="job_unreadable"
    )
