"""Jobs as Celery's messages: version 2 of its protocol, in the form that it has on Redis.

The function's data is the keyword argument `data` of the task `pikku.<queue>`; what else there is to a job is in the header `pikku`,
which other Celery programs pass over.
"""

from __future__ import annotations

import json
import os
import re
import socket
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pikku_queue.queue.backoff import Backoff
from pikku_queue.queue.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_queue.queue.worker_config import WorkerConfig

TASKS: Final = "pikku."
"""What stands before the name of a queue in that of its task."""
HEADER: Final = "pikku"
STEPS: Final = tuple(range(10))
"""Celery's priorities on Redis, lower first; each is a list of its own."""
SEPARATOR: Final = "\x06\x16"
NUMBER: Final = "\x00number\x00"
"""Stands where the number of the publication is put."""
ORIGIN: Final = f"{os.getpid()}@{socket.gethostname()}"
UNIQUE: Final = re.compile(r"[0-9a-f]{32}")

BEFORE: Final = b'[[], {"data": '
AFTER: Final = b'}, {"callbacks": null, "errbacks": null, "chain": null, "chord": null}]'
OWN: Final = frozenset(
    {"args", "correlation_id", "delivery_info", "hostname", "kwargs", "properties", "reply_to"}
)
"""What Celery adds to the headers of a message that it hands to a pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message as Redis has it: `head`, the number of its publication, `tail`.

    Attributes:
        list: The Redis list that it goes to.
    """

    list: str
    head: str
    tail: str


def base_of(queue: str) -> str:
    """What the keys of a queue begin with."""
    return f"pikku:{queue}"


def list_of(queue: str, priority: int) -> str:
    """The Redis list of a queue's messages of a priority: 9 is Celery's 0, which has the queue's own name."""
    step = STEPS[-1] - priority
    return f"{queue}{SEPARATOR}{step}" if step else queue


def lists_of(queue: str) -> list[str]:
    """The lists of a queue in the order in which they are taken from."""
    return [list_of(queue, priority) for priority in reversed(STEPS)]


def task_id(message: Message) -> str:
    """The id of the task: that of the job, beside its queue where a program has chosen it."""
    return message.id if UNIQUE.fullmatch(message.id) else f"{message.queue}:{message.id}"


def envelope_of(message: Message) -> Envelope:
    """The envelope of a job."""
    identity = task_id(message)
    name = TASKS + message.queue
    headers: dict[str, Any] = {
        "lang": "py",
        "task": name,
        "id": identity,
        "shadow": None,
        "eta": None,
        "expires": None,
        "group": None,
        "group_index": None,
        "retries": 0,
        "timelimit": [None, None],
        "root_id": identity,
        "parent_id": None,
        "argsrepr": "()",
        "kwargsrepr": "{'data': ...}",
        "origin": ORIGIN,
        "ignore_result": True,
        "stamped_headers": None,
        "stamps": {},
        HEADER: _row(message),
    }
    return sealed(message, headers, BEFORE + message.data + AFTER, {"correlation_id": identity})


def sealed(
    message: Message, headers: Mapping[str, Any], body: bytes, properties: Mapping[str, Any]
) -> Envelope:
    """The envelope of a job with those headers and that body."""
    priority = STEPS[-1] - message.priority
    text = json.dumps(
        {
            "body": b64encode(body).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers,
            "properties": {
                "reply_to": None,
                **properties,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": message.queue},
                "priority": priority,
                "body_encoding": "base64",
                "delivery_tag": f"{base_of(message.queue)}:{message.id}:{NUMBER}",
            },
        },
        separators=(",", ":"),
    )
    return split(list_of(message.queue, message.priority), text)


def split(list: str, text: str) -> Envelope:
    """The envelope of a message whose delivery tag ends with `NUMBER`."""
    head, _, tail = text.rpartition(json.dumps(NUMBER)[1:-1])
    return Envelope(list=list, head=head, tail=tail)


def number_of(tag: str, queue: str, id: str) -> str:
    """Which publication of its job a message is: 0 where another program has published it."""
    prefix = f"{base_of(queue)}:{id}:"
    return tag.removeprefix(prefix) if tag.startswith(prefix) else "0"


def received(
    queue: str, config: WorkerConfig, request: Mapping[str, Any], body: Any
) -> tuple[Message, Envelope | None]:
    """The job that Celery hands to a pool, and the envelope in which it is published again if another program has made it."""
    row = request.get(HEADER)
    if row is not None:
        return message_of(queue, row, _data(body) or _dumped(request)), None
    found: Mapping[str, Any] = request["properties"]
    priority = found.get("priority") or 0
    message = Message(
        id=str(request["id"]),
        queue=queue,
        data=_dumped(request),
        attempts=config.attempts,
        backoff=config.backoff,
        priority=STEPS[-1] - min(max(int(priority), 0), STEPS[-1]),
    )
    headers = {name: value for name, value in request.items() if name not in OWN}
    headers[HEADER] = _row(message)
    raw = body if isinstance(body, bytes) else str(body).encode()
    if not isinstance(body, (bytes, str)):
        raw = json.dumps(body).encode()
    properties = {name: request.get(name) for name in ("correlation_id", "reply_to")}
    return message, sealed(message, headers, raw, properties)


def opened(text: bytes) -> Message:
    """The job in a message as Redis has it."""
    envelope = json.loads(text)
    row = envelope["headers"].get(HEADER)
    queue = str(envelope["headers"].get("task", "")).removeprefix(TASKS)
    body = b64decode(envelope["body"])
    if row is None:
        properties = envelope["properties"]
        priority = STEPS[-1] - int(properties.get("priority") or 0)
        arguments = json.loads(body)
        data = _argument(arguments[0], arguments[1])
        identity = str(envelope["headers"]["id"])
        return Message(id=identity, queue=queue, data=json.dumps(data).encode(), priority=priority)
    return message_of(queue, row, _data(body) or json.dumps(json.loads(body)[1]["data"]).encode())


def message_of(queue: str, row: Mapping[str, Any], data: bytes) -> Message:
    """The job that the header `pikku` describes."""
    message = Message(
        id=row["id"],
        queue=queue,
        data=data,
        attempts=row["attempts"],
        priority=row["priority"],
        due=row.get("due"),
        expires=row.get("expires"),
        group=row.get("group", ""),
        trace_id=row.get("trace_id", ""),
        claim=row.get("claim", ""),
        enqueued=row["enqueued"],
    )
    return replace(message, backoff=Backoff.from_json(row["backoff"]))


def _row(message: Message) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": message.id,
        "attempts": message.attempts,
        "backoff": message.backoff.to_json(),
        "priority": message.priority,
        "enqueued": message.enqueued,
    }
    for name in ("due", "expires", "group", "trace_id", "claim"):
        value = getattr(message, name)
        if value:
            row[name] = value
    return row


def _data(body: Any) -> bytes | None:
    """The data as it was written, where the body is one that `envelope_of` has made."""
    raw = body.encode() if isinstance(body, str) else body
    if isinstance(raw, bytes) and raw.startswith(BEFORE) and raw.endswith(AFTER):
        return raw[len(BEFORE) : -len(AFTER)]
    return None


def _dumped(request: Mapping[str, Any]) -> bytes:
    return json.dumps(_argument(request["args"], request["kwargs"])).encode()


def _argument(args: Any, kwargs: Any) -> Any:
    return args[0] if args else kwargs.get("data")
