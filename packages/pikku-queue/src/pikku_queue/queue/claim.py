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
"""Seconds for which a claim is believed: a job that has waited longer runs as nobody and fails where it needs somebody."""


class Claims:
    """Signs sessions for jobs, and reads them.

    The text is bound to the queue, to the job's id and to its data: it is of no use for another job, and data that was changed on
    the way has no session.

    Args:
        session: The project's session class.
        signer: Its secrets are those of all processes that add or work off jobs.
    """

    def __init__(self, session: Any, signer: Signer) -> None:
        self._codec: TypeCodec = codec_for(session)
        self._signer = signer

    def of(self, session: Any, *, queue: str, id: str, data: bytes) -> str:
        """The claim of a job."""
        content = self._codec.write_json(session)
        return self._signer.sign(content, purpose=_purpose(queue, id, data), lifetime=LIFETIME)

    def session(self, message: Message) -> Any:
        """The session of a job.

        Raises:
            UnauthorizedError: The claim is not genuine, or is too old.
        """
        purpose = _purpose(message.queue, message.id, message.data)
        content = self._signer.read(message.claim, purpose=purpose)
        if content is None:
            raise UnauthorizedError("The job's claim is not genuine, or is too old.")
        return self._codec.read_json(content)


def _purpose(queue: str, id: str, data: bytes) -> str:
    return f"pikku-queue-1:{queue}:{id}:{hashlib.sha256(canonical(data)).hexdigest()}"


def canonical(data: bytes) -> bytes:
    """JSON in one spelling, whatever a broker has made of it on the way: keys sorted, nothing between the parts."""
    return json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()
