"""Who a job runs as: a session that travels with the job, signed for that queue and that data alone."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from pikku_core import UnauthorizedError
from pikku_core.schema import TypeCodec, codec_for

if TYPE_CHECKING:
    from pikku_core.services import Signer
    from pikku_queue.queue.message import Message

LIFETIME: Final = 30 * 86_400.0
"""Seconds for which a claim is believed, from when the job is due; a job that is begun later fails."""


class Claims:
    """Signs sessions for jobs, and reads them.

    The text is bound to the queue, to the job's id and to its data: it is of no use for another job, and one whose data was
    changed on the way fails, whatever its function asks for.

    Args:
        session: The project's session class.
        signer: Its secrets are those of all processes that add or work off jobs.
    """

    def __init__(self, session: Any, signer: Signer) -> None:
        self._codec: TypeCodec = codec_for(session)
        self._signer = signer

    def of(self, session: Any, *, queue: str, id: str, data: bytes, wait: float = 0.0) -> str:
        """The claim of a job.

        Args:
            wait: Seconds until the job is due.
        """
        content = self._codec.write_json(session)
        purpose = _purpose(queue, id, data)
        return self._signer.sign(content, purpose=purpose, lifetime=wait + LIFETIME)

    def session(self, message: Message) -> Any:
        """The session of a job.

        Raises:
            UnauthorizedError: The claim is not genuine, or is too old.
        """
        try:
            purpose = _purpose(message.queue, message.id, message.data)
        except ValueError:  # What is no JSON was not signed here.
            content = None
        else:
            content = self._signer.read(message.claim, purpose=purpose)
        if content is None:
            raise UnauthorizedError("The job's claim is not genuine, or is too old.")
        return self._codec.read_json(content)


def _purpose(queue: str, id: str, data: bytes) -> str:
    return f"pikku-queue-1:{queue}:{id}:{hashlib.sha256(canonical(data)).hexdigest()}"


def canonical(data: bytes) -> bytes:
    """JSON in one spelling, whatever a broker has made of it on the way: keys sorted, nothing between the parts."""
    return json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()
