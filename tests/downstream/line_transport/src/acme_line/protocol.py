r"""What lines look like: `VERB {json}\n` asks, `OK {json}\n` or `ERR {"code": …, "message": …, "trace_id": …}\n` answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pikku_core import BadRequestError

if TYPE_CHECKING:
    from pikku_core.runtime import ErrorFacts

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


def failure(error: ErrorFacts) -> bytes:
    """The line that answers with an error."""
    return b"ERR %b\n" % json.dumps(error.as_dict(), default=str).encode()
