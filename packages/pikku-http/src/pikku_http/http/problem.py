"""Problem details: the form of error answers that RFC 9457 describes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pikku_http.http.report import ErrorAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_http.http.report import ErrorReport


def problem_details(report: ErrorReport) -> ErrorAnswer:
    """An error as `application/problem+json` (RFC 9457).

    The setting `http.problem_details` makes it the form of all errors; `http_errors(problem_details)` does in an App that is
    put together by hand. The problem has no type of its own (`about:blank`): `title` is the phrase of the status and
    `detail` the message. Beside these it has `code`, `trace_id`, and `payload` and `errors` where there are any: each
    with `detail`, `code` and, as a fragment, the JSON Pointer (RFC 6901) of the field.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title(report.status),
        "status": report.status,
        "detail": report.message,
        "code": report.code,
        "trace_id": report.trace_id,
    }
    if report.details:
        body["errors"] = [
            {"detail": fault.message, "code": fault.code, "pointer": pointer(fault.location)}
            for fault in report.details
        ]
    if report.payload is not None:
        body["payload"] = report.payload
    return ErrorAnswer(body=body, headers={"content-type": "application/problem+json"})


def title(status: int) -> str:
    """The phrase of a status; that of its class where it has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return HTTPStatus(400 if status < 500 else 500).phrase


def pointer(location: Iterable[str | int]) -> str:
    """The JSON Pointer of a field, as a fragment of a URI.

    >>> pointer(["items", 0, "a/b"])
    '#/items/0/a~1b'
    """
    from urllib.parse import quote

    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "#" + "".join(f"/{quote(part, safe='~!$&()*+,;=:@')}" for part in parts)
