"""What is known of an error when it is answered, and what a project may answer instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pikku_core.error_facts import ErrorFacts

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport(ErrorFacts):
    """An error that ends a request, as far as the caller may know it; `ErrorFacts` says what else it has.

    Attributes:
        headers: What the answer carries whatever its body: `www-authenticate`, `retry-after`, `allow`, `x-request-id`.
        error: The error itself: its text may be secret from status 500 on.
    """

    error: BaseException
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
    return {"error": report.as_dict()}
