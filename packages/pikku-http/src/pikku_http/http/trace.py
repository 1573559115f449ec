"""The trace id of a request: the caller's where it sent one, else a new one."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope

REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
TRACEPARENT: Final = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


def trace_id_of(scope: Scope) -> str:
    """The value of `x-request-id`, else the trace id of `traceparent` (W3C Trace Context), else 32 new hex digits.

    A value that is not well-formed counts as none: it would go into logs and answers.
    """
    traced: str | None = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
        if name == b"traceparent" and (parent := TRACEPARENT.fullmatch(value)):
            traced = str(parent[1], "ascii")
    return traced or secrets.token_hex(16)
