"""What is known of an error when it is answered, and what a project may answer instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core import FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """An error that ends a request, as far as the caller may know it.

    Attributes:
        status: The status of the answer.
        code: A stable identifier for programs; `internal_error` from status 500 on.
        message: One sentence for the caller; says nothing from status 500 on.
        details: What is wrong with the data, where the status is 422.
        payload: Facts that the error carries; None from status 500 on.
        trace_id: The id under which the log has the error.
        headers: What the answer carries whatever its body: `www-authenticate`, `allow`, `x-request-id`.
        error: The error itself: its text may be secret from status 500 on.
    """

    status: int
    code: str
    message: str
    trace_id: str
    error: Exception
    details: tuple[FieldError, ...] = ()
    payload: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnswer:
    """An error answer in a project's own form.

    Attributes:
        status: None keeps the report's.
        body: JSON-serialisable.
        headers: Beside the report's; a `content-type` here stands instead of `application/json`.
    """

    body: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def default_body(report: ErrorReport) -> dict[str, Any]:
    """The body of an error answer where a project has no `http_errors`.

    ```json
    {"error": {"code": "invalid_data", "message": "…", "trace_id": "…",
               "details": [{"location": ["name"], "code": "missing", "message": "…"}]}}
    ```
    """
    error: dict[str, Any] = {
        "code": report.code,
        "message": report.message,
        "trace_id": report.trace_id,
    }
    if report.details:
        error["details"] = [
            {"location": list(one.location), "code": one.code, "message": one.message}
            for one in report.details
        ]
    if report.payload is not None:
        error["payload"] = dict(report.payload)
    return {"error": error}
