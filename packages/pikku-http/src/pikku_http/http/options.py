"""What can be set for an application as a whole: the keys of `[tool.pikku.http]` that requests feel."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, Self

from pikku_http.http.bodies.limits import BodyLimits
from pikku_http.http.body import MAX_BODY
from pikku_http.http.health.health import HEALTH, READINESS
from pikku_http.http.streams.event_streams import HEARTBEAT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """The options of an `HttpApplication`.

    Attributes:
        max_body: The largest body of a request, in bytes.
        lazy: Whether a function is imported with the first request for it instead of when the application starts. What
            is wrong with one is then found no earlier.
        heartbeat: Seconds without an event after which a stream of events sends a comment.
        problem_details: Whether errors are answered as RFC 9457 says where there is no `http_errors`.
        rpc: For an App that was put together by hand: below which path its functions that are exposed answer by their
            name, such as `/rpc`; empty: none does. A generated App has wirings for them.
        request_ids: Whether errors alone are answered with their `x-request-id`, or every request.
        access_log: Whether requests are logged; see `AccessLog`.
        telemetry: Whether OpenTelemetry is told of requests: where somebody has set it up, always, or never.
        observe_query: Whether access log and spans tell the query string.
        unobserved: Routes and paths of which neither access log nor telemetry tell. Default: `health` and `readiness`.
        max_fields: The most fields of a form, files not counted.
        max_fields_size: The most bytes of these together.
        max_files: The most files of a form.
        upload_memory: How many bytes of a request's files are kept in memory; the rest goes to disk.
        health: The path that answers as long as the process lives; empty: none does.
        readiness: The path that says whether requests are taken; empty: none does.
    """

    max_body: int = MAX_BODY
    lazy: bool = False
    heartbeat: float = HEARTBEAT
    problem_details: bool = False
    rpc: str = ""
    request_ids: Literal["errors", "always"] = "errors"
    access_log: bool = False
    telemetry: Literal["auto", "always", "never"] = "auto"
    observe_query: bool = False
    unobserved: Sequence[str] | None = None
    max_fields: int = 1000
    max_fields_size: int = 1024 * 1024
    max_files: int = 100
    upload_memory: int = 1024 * 1024
    health: str = HEALTH
    readiness: str = READINESS

    @property
    def limits(self) -> BodyLimits:
        """What a body may hold."""
        return BodyLimits(
            body=self.max_body,
            fields=self.max_fields,
            fields_size=self.max_fields_size,
            files=self.max_files,
            memory=self.upload_memory,
        )

    @classmethod
    def of(cls, settings: Mapping[str, Any], *, development: bool = False) -> Self:
        """What the settings of a generated project say: the table `http`, defaults filled in.

        Args:
            development: Whether this is `pikku dev`.
        """
        named = {one.name for one in fields(cls)} - {"rpc"}  # which the project's wirings tell
        values = {name: settings[name] for name in named}
        values["access_log"] = settings["access_log"] in {"always", "dev" if development else ""}
        return cls(**values)
