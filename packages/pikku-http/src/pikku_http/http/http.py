"""The wire thing `http`: what a request said, and how its answer shall look."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core import Wire
from pikku_http.http.cookie import SameSite, cookie_header, cookie_value
from pikku_http.http.header import OF_CONTENT, header_name, header_value
from pikku_http.http.observe.exchange import outgoing_trace
from pikku_http.http.trace import trace_id_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from pikku_http.http.asgi import Header, Receive, Scope
    from pikku_http.http.router import Values

log: Final = logging.getLogger("pikku.http")


class Http:
    """The request and the answer of one invocation.

    Functions, middleware and permissions ask for it by name; `http: Http | None = None` where other transports call
    them too.

    ```python
    @pikku_middleware
    async def no_store(next: Next, *, http: Http) -> Any:
        http.set_header("cache-control", "no-store")
        return await next()
    ```
    """

    __slots__ = ("_before", "_scope", "_status", "added", "challenges", "plain", "sent")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._status: int | None = None
        self._before: tuple[Callable[[Http], Awaitable[None]], ...] = ()
        self.added: list[Header] = []
        """The headers that were set, in order."""
        self.sent = False
        """Whether a stream has been opened: its status and headers are on their way."""
        self.challenges: tuple[str, ...] = ()
        """What `challenge` was told, in order."""
        self.plain = True
        """Whether the answer is what the result makes it, apart from further headers."""

    @property
    def method(self) -> str:
        """The method in upper case: `GET`."""
        return str(self._scope["method"])

    @property
    def path(self) -> str:
        """The decoded path, without the query string: `/users/7`."""
        return str(self._scope["path"])

    @property
    def query(self) -> str:
        """The query string as it was sent, without the question mark."""
        return str(self._scope["query_string"], "latin-1")

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return str(self._scope.get("scheme", "http"))

    @property
    def client(self) -> str | None:
        """The address of the client; None where it has none, as on a Unix socket."""
        address = self._scope.get("client")
        return str(address[0]) if address else None

    def header(self, name: str) -> str | None:
        """The value of a request header, several joined by commas (RFC 9110, 5.3); None where it was not sent.

        Args:
            name: In any case.
        """
        wanted = request_header_name(name)
        found: bytes | None = None
        for key, value in self._scope["headers"]:
            if key == wanted:
                found = value if found is None else b"%b, %b" % (found, value)
        return None if found is None else str(found, "latin-1")

    def cookie(self, name: str) -> str | None:
        """The value of a cookie, without the quotes round it; None where it was not sent.

        Of several with the name the first counts: browsers send that of the longest path first (RFC 6265, 5.4).
        """
        return cookie_value(self._scope["headers"], name)

    def trace_headers(self) -> dict[str, str]:
        """The headers that take the trace on to a server that the function calls.

        `x-request-id`, and those of W3C Trace Context and Baggage: with OpenTelemetry of the current span, else as they
        came.

        ```python
        await client.get("https://stock.example/items", headers=http.trace_headers())
        ```
        """
        return {"x-request-id": trace_id_of(self._scope)} | outgoing_trace(self._scope)

    @property
    def status(self) -> int | None:
        """The status that was set; None leaves it to the result.

        Raises:
            ValueError: It is set to something that no final answer has.
        """
        return self._status

    @status.setter
    def status(self, status: int) -> None:
        if not 200 <= status <= 599:
            raise ValueError(f"The status {status} is none of an answer: 200 to 599.")
        if self.sent:
            self._say_lost("The status")
        self._status = status
        self.plain = False

    def set_header(self, name: str, value: str) -> None:
        """Sets a header of the answer, in place of earlier values.

        Raises:
            ValueError: The name or the value is not well-formed, or the server writes that header.
        """
        field = header_name(name)
        if self.sent:
            self._say_lost(f'The header "{name}"')
        for key, _ in self.added:
            if key == field:
                self.delete_header(name)
                break
        self.added.append((field, header_value(value)))
        if field in OF_CONTENT:
            self.plain = False

    def add_header(self, name: str, value: str) -> None:
        """Adds a header to the answer, beside earlier values.

        Raises:
            ValueError: See `set_header`.
        """
        field = header_name(name)
        if self.sent:
            self._say_lost(f'The header "{name}"')
        self.added.append((field, header_value(value)))
        if field in OF_CONTENT:
            self.plain = False

    def delete_header(self, name: str) -> None:
        """Takes back what was set or added under a name."""
        field = header_name(name)
        self.added = [one for one in self.added if one[0] != field]

    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        max_age: int | None = None,
        path: str = "/",
        domain: str | None = None,
        secure: bool = True,
        http_only: bool = True,
        same_site: SameSite = "lax",
    ) -> None:
        """Sets a cookie (RFC 6265), in place of what was set for the name.

        Args:
            max_age: For how many seconds; 0 takes it away. Default: until the browser is closed.
            path: Where it is sent to, and below.
            domain: The host whose subdomains get it too. Default: this host alone.
            secure: Sent over HTTPS alone, and to localhost.
            http_only: Kept from scripts.
            same_site: `lax` keeps it from requests of other sites, but for links that are followed; `strict` from those
                too; `none` sends it always, and needs `secure`.

        Raises:
            ValueError: Something in it is not well-formed, or a browser would refuse it.
        """
        header = cookie_header(
            name,
            value,
            max_age=max_age,
            path=path,
            domain=domain,
            secure=secure,
            http_only=http_only,
            same_site=same_site,
        )
        if self.sent:
            self._say_lost(f'The cookie "{name}"')
        start = f"{name}=".encode()
        self.added = [
            one for one in self.added if one[0] != b"set-cookie" or not one[1].startswith(start)
        ]
        self.added.append((b"set-cookie", header))

    def challenge(self, challenge: str) -> None:
        """Says how callers can say who they are: `WWW-Authenticate` of a 401 whose error has no challenge of its own.

        Several are listed, in order (RFC 9110, 11.6.1).

        Raises:
            ValueError: It is no header value.
        """
        header_value(challenge)
        self.challenges = (*self.challenges, challenge)

    def before_stream(self, call: Callable[[Http], Awaitable[None]]) -> None:
        """Has something called before the status and headers of a stream are sent: with its first item.

        It is the last moment at which a header has an effect, and comes before `next` returns to middleware, which is
        after the last item. Of an answer that is no stream `next` returns in time, and nothing is called. What it raises
        is answered in place of the stream.

        Args:
            call: Is given this `http`, so that it need not hold on to it.
        """
        self._before = (*self._before, call)

    async def open_stream(self) -> None:
        """Calls what waits for the stream to be opened, each once."""
        waiting, self._before = self._before, ()
        for call in waiting:
            await call(self)
        self.sent = True

    def _say_lost(self, what: str) -> None:
        """What is set too late has no effect, and nothing else would say so."""
        log.error(
            "%s was set after the headers of a stream had been sent, and is lost: set it before the first item, or with "
            '"http.before_stream".',
            what,
            stack_info=True,
        )


@lru_cache(maxsize=512)
def request_header_name(name: str) -> bytes:
    """A name as ASGI servers spell it."""
    return name.lower().encode("latin-1")


class HttpWire(Wire):
    """One request.

    Attributes:
        values: What the parameters of the route stand for.
        http: The wire thing, once somebody asked for it.
    """

    __slots__ = ("http", "receive", "scope", "values")

    kind: ClassVar[str] = "http"
    carries_session: ClassVar[bool] = False

    def __init__(
        self, wiring: str, function: str, scope: Scope, receive: Receive, values: Values
    ) -> None:
        Wire.__init__(self, wiring, function)
        self.scope = scope
        self.receive = receive
        self.values = values
        self.http: Http | None = None

    def make_trace_id(self) -> str:
        """The id that the request brought, or a new one."""
        return trace_id_of(self.scope)

    def make_http(self) -> Http:
        """The wire thing `http`, the same for all who ask."""
        http = self.http
        if http is None:
            http = self.http = Http(self.scope)
        return http

    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"http": make_http}
