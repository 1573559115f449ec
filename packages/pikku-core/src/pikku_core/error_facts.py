"""What a caller may know of the error that ended a call, the same on every transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikku_core.errors import (
    InternalError,
    InvalidDataError,
    PikkuError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnauthorizedError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.errors import FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFacts:
    """An error without what a caller may not know; a transport spells it in its own way.

    Attributes:
        status: From 400 to 599, as on HTTP (RFC 9110); other transports translate it.
        code: A stable identifier for programs; `internal_error` for an error that is not shown.
        mcp_code: The JSON-RPC error code.
        message: One sentence for the caller; says nothing for an error that is not shown.
        trace_id: The id under which the log has the error.
        details: What is wrong with the data, where the error is an `InvalidDataError`.
        payload: Facts that the error carries.
        challenge: How to say who calls, where that is unknown (an `UnauthorizedError`): the value of
            `WWW-Authenticate` on HTTP. It is the error's own text, and may be no header value.
        retry_after: Seconds after which the caller may come back, where the error says so.
    """

    status: int
    code: str
    mcp_code: int
    message: str
    trace_id: str
    details: tuple[FieldError, ...] = ()
    payload: Mapping[str, Any] | None = None
    challenge: str | None = None
    retry_after: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Code, message, trace id, and details and payload where there are some; JSON if the payload is."""
        shown: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "trace_id": self.trace_id,
        }
        if self.details:
            shown["details"] = [
                {"location": list(one.location), "code": one.code, "message": one.message}
                for one in self.details
            ]
        if self.payload is not None:
            shown["payload"] = dict(self.payload)
        return shown


def error_facts(error: BaseException, trace_id: str) -> ErrorFacts:
    """What a caller may know of an error.

    A `PikkuError` below status 500 shows what it says. Of any other (and of one whose status is none of an error) only
    the trace id is shown: the transport logs it with its traceback, under that id.

    ```python
    shown = error_facts(ConflictError("Taken."), wire.trace_id)
    assert (shown.status, shown.code, shown.message) == (409, "conflict", "Taken.")
    ```
    """
    status = error.status if isinstance(error, PikkuError) else InternalError.status
    if not 400 <= status <= 599:
        status = InternalError.status
    elif isinstance(error, PikkuError) and error.is_public:
        return ErrorFacts(
            status=status,
            code=error.code,
            mcp_code=error.mcp_code,
            message=error.message,
            trace_id=trace_id,
            details=error.details if isinstance(error, InvalidDataError) else (),
            payload=error.payload,
            challenge=error.challenge if isinstance(error, UnauthorizedError) else None,
            retry_after=error.retry_after if isinstance(error, TooManyRequestsError) else None,
        )
    return ErrorFacts(
        status=status,
        code=InternalError.code,
        mcp_code=InternalError.mcp_code,
        message=InternalError.default_message,
        trace_id=trace_id,
        retry_after=error.retry_after if isinstance(error, ServiceUnavailableError) else None,
    )


def is_outcome(error: BaseException) -> bool:
    """Whether an error that an invocation raised is its outcome, to be answered, and not the end of the task it ran in.

    So are a `SystemExit`, and a `CancelledError` where nobody cancelled the current task: the function awaited
    something that was cancelled. A transport answers these as any other error, and raises the rest again.
    """
    if isinstance(error, Exception | SystemExit):
        return True
    # Loaded with whatever can cancel, and not by a module of plain functions.
    from asyncio import CancelledError, current_task

    if not isinstance(error, CancelledError):
        return False
    task = current_task()
    return task is None or not task.cancelling()
