"""The trace id of a request: the caller's where it sent one, else a new one; and how the trace goes on from here."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_http.http.asgi import Scope

REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
TRACEPARENT: Final = re.compile(
    # Later versions may say more; of version 00 nothing follows (W3C Trace Context, 3.2.2.3 and 4.3).
    rb"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)

TRACE_ID: Final = "pikku.trace_id"
"""Where a scope keeps the id, so that all who ask get the same."""

PASSED_ON: Final = ("traceparent", "tracestate", "baggage")
"""What a program that adds no span of its own passes on as it came (W3C Trace Context, W3C Baggage)."""


def trace_id_of(scope: Scope) -> str:
    """The value of `x-request-id`, else the trace id of `traceparent` (W3C Trace Context), else 32 new hex digits.

    A value that is not well-formed counts as none: it would go into logs and answers.
    """
    known: str | None = scope.get(TRACE_ID)
    if known is None:
        known = scope[TRACE_ID] = _sent(scope) or secrets.token_hex(16)
    return known


def request_id_of(scope: Scope) -> str | None:
    """The value of `x-request-id` where it is well-formed."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return None


def received_trace(scope: Scope) -> dict[str, str]:
    """The headers by which a trace goes on where no span stands between: as the caller sent them."""
    sent: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = str(name, "latin-1")
        if key in PASSED_ON:
            text = str(value, "latin-1")
            sent[key] = f"{sent[key]},{text}" if key in sent else text
    if not TRACEPARENT.fullmatch(sent.get("traceparent", "").encode("latin-1")):
        sent.pop("traceparent", None)
        sent.pop("tracestate", None)
    return sent


def _sent(scope: Scope) -> str | None:
    traced: str | None = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
        if name == b"traceparent" and (parent := TRACEPARENT.fullmatch(value)):
            traced = str(parent[1], "ascii")
    return traced
