"""What can be set for an application as a whole: the keys of `[tool.pikku.http]` that requests feel."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from pikku_http.http.body import MAX_BODY
from pikku_http.http.event_streams import HEARTBEAT

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """

    max_body: int = MAX_BODY
    lazy: bool = False
    heartbeat: float = HEARTBEAT
    problem_details: bool = False
    rpc: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """What the settings of a generated project say: the table `http`, defaults filled in."""
        named = {one.name for one in fields(cls)} - {"rpc"}  # which the project's wirings tell
        return cls(**{name: settings[name] for name in named})
