"""Messages that cannot be begun: what is wrong with each, and what becomes of its job."""

from __future__ import annotations

import json
import uuid
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from pikku_queue.queue.celery.envelope import (
    HEADER,
    NUMBER,
    OWN,
    STEPS,
    TASKS,
    Envelope,
    base_of,
    list_of,
    number_of,
    split,
)
from pikku_queue.queue.record import JobRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pikku_queue.queue.record import Status

UNREADABLE: Final = "message_unreadable"
"""The code of a message that nobody can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A message that cannot be begun.

    Attributes:
        queue: The queue that it was in.
        text: As Redis had it.
        reason: Why, in one sentence.
        status: What becomes of the job.
        code: The code of the error.
    """

    queue: str
    text: str
    reason: str
    status: Literal["failed", "discarded", "cancelled"] = "failed"
    code: str = UNREADABLE

    @property
    def raw(self) -> dict[str, Any]:
        """The message, as far as it is one."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def fault_of(text: bytes | str) -> str:
    """What makes a message unfit to be handed to Celery; empty: nothing."""
    try:
        raw = json.loads(text)
        properties = raw["properties"]
        _ = properties["delivery_tag"], properties["delivery_info"]["routing_key"]
        if properties.get("body_encoding") == "base64":
            b64decode(raw["body"])
    except (ValueError, KeyError, TypeError) as error:
        return f"It is no message of Celery's: {type(error).__name__}, {error}."
    return ""


def refused(queue: str, raw: Mapping[str, Any], revoked: Collection[str]) -> Refusal:
    """Why Celery has put away a message before it was begun.

    Args:
        revoked: The ids of tasks that are not to be run: somebody said so, or their time is over.
    """
    text = json.dumps(raw)
    headers = _dictionary(raw.get("headers"))
    task, identity = str(headers.get("task", "")), str(headers.get("id", ""))
    if task != TASKS + queue:
        said = f'the task "{task}"' if task else "no task"
        reason = f'It names {said}: the queue "{queue}" has the task "{TASKS}{queue}" alone.'
        return Refusal(queue=queue, text=text, reason=reason, code="task_not_found")
    if _is_over(headers.get("expires")):
        reason = "It expired before it was begun."
        return Refusal(queue=queue, text=text, reason=reason, status="discarded", code="")
    if identity in revoked:
        reason = "It was revoked."
        return Refusal(queue=queue, text=text, reason=reason, status="cancelled", code="")
    kind = raw.get("content-type")
    reason = f'Celery cannot read it: its content type is "{kind}", and workers take JSON.'
    if kind == "application/json":
        reason = "Celery cannot read it: its log says why."
    return Refusal(queue=queue, text=text, reason=reason)


def unreadable(queue: str, request: Mapping[str, Any], body: Any, error: Exception) -> Refusal:
    """A message whose job cannot be made of it."""
    properties: Mapping[str, Any] = request["properties"]
    raw: dict[str, Any] = {
        "body": body if isinstance(body, str) else bytes(body).decode(errors="replace"),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {name: value for name, value in request.items() if name not in OWN},
        "properties": {**properties, "body_encoding": "utf-8"},
    }
    reason = f"It cannot be read: {type(error).__name__}, {error}."
    return Refusal(queue=queue, text=json.dumps(raw, default=str), reason=reason)


def identity_of(refusal: Refusal) -> str:
    """The id of the job: that of ours, that of a task, or a new one."""
    headers = _dictionary(refusal.raw.get("headers"))
    own = _dictionary(headers.get(HEADER)).get("id")
    return str(own or headers.get("id") or uuid.uuid4().hex)


def publication_of(refusal: Refusal, identity: str) -> tuple[str, str]:
    """The number of the publication, and the delivery tag: 0 and none where it has none of ours."""
    properties = _dictionary(refusal.raw.get("properties"))
    tag = str(properties.get("delivery_tag", ""))
    return number_of(tag, refusal.queue, identity), tag


def envelope_of_refused(refusal: Refusal, identity: str) -> Envelope:
    """The message as it is kept, and published again when the dead letter is replayed."""
    raw: dict[str, Any] = refusal.raw
    properties = _dictionary(raw.get("properties"))
    if not raw or not properties:
        # Nothing that Celery could take: what is kept shows it, and is refused again.
        raw = {"body": refusal.text, "headers": dict[str, Any](), "content-type": "text/plain"}
        properties = {"delivery_info": {"exchange": "", "routing_key": refusal.queue}}
    tag = f"{base_of(refusal.queue)}:{identity}:{NUMBER}"
    text = json.dumps({**raw, "properties": {**properties, "delivery_tag": tag}})
    return split(list_of(refusal.queue, _priority(properties)), text)


def record_of_unreadable(queue: str, id: str, text: bytes, status: Status) -> JobRecord:
    """A job of which nothing but the text of its message is known; its data is that text."""
    return JobRecord(
        id=id, queue=queue, status=status, data=json.dumps(text.decode(errors="replace")).encode()
    )


def _priority(properties: Mapping[str, Any]) -> int:
    step = properties.get("priority")
    return STEPS[-1] - step if isinstance(step, int) and step in STEPS else STEPS[-1]


def _dictionary(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _is_over(expires: Any) -> bool:
    try:
        moment = datetime.fromisoformat(str(expires))
    except ValueError:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) < datetime.now(UTC)
