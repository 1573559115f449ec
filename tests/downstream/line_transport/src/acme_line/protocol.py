r"""What lines look like: `VERB {json}\n` asks, `OK {json}\n` or `ERR {"code": …, "message": …}\n` answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pikku_core import BadRequestError, InvalidDataError

if TYPE_CHECKING:
    from pikku_core import PikkuError

VERB: Final = re.compile("[A-Z]+")
"""A verb; it must match as a whole."""

PING: Final = "PING"
"""The verb that every server answers: `OK {"verbs": ["ADD"]}`."""


def parse(line: bytes) -> tuple[str, bytes]:
    """The verb of a line and the JSON text behind it, empty where there is none.

    Raises:
        BadRequestError: The line does not start with a verb.
    """
    verb, _, data = line.strip().partition(b" ")
    name = verb.decode("ascii", errors="replace")
    if not VERB.fullmatch(name):
        raise BadRequestError('A line is a verb of upper-case letters and JSON: "ADD {…}".')
    return name, data.strip()


def success(data: bytes) -> bytes:
    """The line that answers with a JSON text."""
    return b"OK %b\n" % data


def failure(error: PikkuError, trace_id: str = "") -> bytes:
    """The line that answers with an error: what it says below status 500, from there on only where the log has it."""
    body: dict[str, Any] = {"code": error.code, "message": error.default_message}
    if error.is_public:
        body["message"] = error.message
        if error.payload:
            body["payload"] = dict(error.payload)
    else:
        body["trace_id"] = trace_id
    if isinstance(error, InvalidDataError):
        body["details"] = [
            {"location": list(one.location), "code": one.code, "message": one.message}
            for one in error.details
        ]
    return b"ERR %b\n" % json.dumps(body).encode()
