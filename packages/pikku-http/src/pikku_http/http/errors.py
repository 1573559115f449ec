"""How errors become answers."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pikku_core import InternalError, ServiceUnavailableError
from pikku_core.runtime import error_facts
from pikku_http.http.answer import JSON
from pikku_http.http.body import ClientDisconnectedError
from pikku_http.http.header import OF_CONTENT, header_name, header_value
from pikku_http.http.observe.exchange import note_error
from pikku_http.http.report import ErrorAnswer, ErrorReport, default_body
from pikku_http.http.trace import trace_id_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_http.http.asgi import Header, Scope, Send
    from pikku_http.http.http import Http
    from pikku_http.http.wiring import Render

log: Final = logging.getLogger("pikku.http")

DEFAULT_CHALLENGE: Final = "Bearer"
"""The challenge of an `UnauthorizedError` that was given none."""


class ErrorResponder:
    """Answers errors in the project's form, or in the default one.

    Args:
        render: What `http_errors` was given; None: `default`.
        default: Makes the default form.
    """

    def __init__(self, render: Render | None = None, *, default: Render = default_body) -> None:
        self._render = render
        self._default = default

    async def respond(
        self,
        error: BaseException,
        scope: Scope,
        send: Send,
        *,
        where: str,
        http: Http | None = None,
        trace_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answers an error; one of status 500 or more is logged with its traceback, but for an outage that is known.

        Args:
            where: What failed, for the log: the wiring's id.
            http: What had been set on the answer: kept, apart from what speaks of the content that was meant.
            trace_id: The invocation's, where there is one.
            headers: Further headers of the answer.
        """
        if isinstance(error, ClientDisconnectedError):
            return
        note_error(scope, error)
        challenges = () if http is None else http.challenges
        report = _report(error, trace_id or trace_id_of(scope), headers or {}, challenges)
        if isinstance(error, ServiceUnavailableError) and error.is_logged:
            log.warning('"%s" was not available: %s (trace id %s)', where, error, report.trace_id)
        elif report.status >= 500:
            log.error('"%s" failed (trace id %s).', where, report.trace_id, exc_info=error)
        status, written, body = self._answer(report, where)
        if http is not None:
            names = {name for name, _ in written}
            kept = (one for one in http.added if one[0] not in OF_CONTENT and one[0] not in names)
            written = [*written, *kept]
        written.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": written})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, report: ErrorReport, where: str) -> tuple[int, list[Header], bytes]:
        if self._render is not None:
            try:
                return _encoded(report, self._render(report))
            except Exception:
                log.exception('The renderer of "http_errors" failed on an error of "%s".', where)
        for shown in (report, replace(report, payload=None)):
            try:
                return _encoded(shown, self._default(shown))
            except Exception:
                log.exception('What an error of "%s" says, or its payload, cannot be sent.', where)
        hidden = _report(InternalError(), report.trace_id, report.headers)
        return _encoded(hidden, self._default(hidden))


def _report(
    error: BaseException,
    trace_id: str,
    headers: Mapping[str, str],
    challenges: Sequence[str] = (),
) -> ErrorReport:
    shown = error_facts(error, trace_id)
    headers = {**headers, "x-request-id": trace_id}
    challenge = shown.challenge
    if challenge == DEFAULT_CHALLENGE and challenges:
        challenge = ", ".join(challenges)
    if challenge is not None:
        headers["www-authenticate"] = _challenge(challenge)
    if shown.retry_after is not None:
        headers["retry-after"] = str(max(0, shown.retry_after))
    return ErrorReport(
        status=shown.status,
        code=shown.code,
        mcp_code=shown.mcp_code,
        message=shown.message,
        trace_id=trace_id,
        details=shown.details,
        payload=shown.payload,
        challenge=challenge,
        retry_after=shown.retry_after,
        error=error,
        headers=headers,
    )


def _challenge(challenge: str) -> str:
    try:
        header_value(challenge)
    except ValueError:
        log.warning("A challenge that is no header value was left out: %r.", challenge)
        return DEFAULT_CHALLENGE
    return challenge


def _encoded(report: ErrorReport, rendered: Any) -> tuple[int, list[Header], bytes]:
    from pydantic_core import to_json

    answer = rendered if isinstance(rendered, ErrorAnswer) else ErrorAnswer(body=rendered)
    status = report.status if answer.status is None else answer.status
    if not 400 <= status <= 599:
        raise ValueError(f"The status {status} is none of an error.")
    body = to_json(answer.body, inf_nan_mode="null")
    written = {
        header_name(name): header_value(value)
        for name, value in {**report.headers, **answer.headers}.items()
    }
    return status, list(({JSON[0]: JSON[1]} | written).items()), body
