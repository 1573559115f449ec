"""Clients that reach an application without a network."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final, overload

from httpx2 import (
    AsyncBaseTransport,
    AsyncByteStream,
    AsyncClient,
    BaseTransport,
    Client,
    Request,
    Response,
    SyncByteStream,
)

from pikku_core.testing.blocking import BlockingApp
from pikku_http.http.application import HttpApplication
from pikku_http.http.options import HttpOptions
from pikku_http.testing.exchange import Exchange, scope_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from pikku_core import App
    from pikku_http.http.asgi import ASGIApp
    from pikku_http.http.mounts.mounts import MountTarget

BASE_URL: Final = "http://pikku.test"


@overload
def client_of(
    app: BlockingApp,
    /,
    *,
    base_url: str = BASE_URL,
    mounts: Iterable[tuple[str, MountTarget]] = (),
    document: bytes | None = None,
    **options: Any,
) -> AbstractContextManager[Client]: ...
@overload
def client_of(
    app: App,
    /,
    *,
    base_url: str = BASE_URL,
    mounts: Iterable[tuple[str, MountTarget]] = (),
    document: bytes | None = None,
    **options: Any,
) -> AbstractAsyncContextManager[AsyncClient]: ...
def client_of(
    app: App | BlockingApp,
    /,
    *,
    base_url: str = BASE_URL,
    mounts: Iterable[tuple[str, MountTarget]] = (),
    document: bytes | None = None,
    **options: Any,
) -> AbstractContextManager[Client] | AbstractAsyncContextManager[AsyncClient]:
    """A client of the HTTP wirings of a running App; one App may have several, each with cookies of its own.

    ```python
    with (
        run_app(App([wire_http(method="get", route="/", func=hello)])) as app,
        client_of(app) as http,
    ):
        assert http.get("/").json() == "Hello!"
    ```

    Args:
        app: What `run_app` gives, for `with`; an `App`, for `async with`.
        base_url: What the paths of requests are appended to.
        mounts: Other applications; see `HttpApplication`.
        document: An OpenAPI document to serve.
        options: Those of `HttpOptions`: `max_body`, `rpc`.

    Raises:
        DeclarationError: See `HttpApplication.open`.
    """
    inner = app.app if isinstance(app, BlockingApp) else app
    application = HttpApplication(inner, HttpOptions(**options), mounts=mounts, document=document)
    application.open()
    if isinstance(app, BlockingApp):
        return blocking_opened_client(application, app, base_url=base_url)
    return opened_client(application, base_url=base_url)


@contextmanager
def blocking_opened_client(
    application: HttpApplication, app: BlockingApp, *, base_url: str = BASE_URL
) -> Generator[Client]:
    """A client of an application that is open while the context lasts, in the loop of an App."""
    opened = application.opened()
    app.run(opened.__aenter__)
    try:
        with blocking_client(application, app, base_url=base_url) as client:
            yield client
    finally:
        app.run(opened.__aexit__, None, None, None)


@asynccontextmanager
async def opened_client(
    application: HttpApplication, *, base_url: str = BASE_URL
) -> AsyncGenerator[AsyncClient]:
    """A client of an application that is open while the context lasts, in this loop."""
    async with application.opened(), concurrent_client(application, base_url=base_url) as client:
        yield client


@contextmanager
def blocking_client(
    application: ASGIApp, app: BlockingApp, *, base_url: str = BASE_URL
) -> Generator[Client]:
    """A client of an application that runs in the loop of an App."""
    transport = BlockingTransport(application, app)
    with Client(transport=transport, base_url=base_url) as client:
        yield client


@asynccontextmanager
async def concurrent_client(
    application: ASGIApp, *, base_url: str = BASE_URL
) -> AsyncGenerator[AsyncClient]:
    """A client of an application that runs in this loop."""
    transport = Transport(application)
    async with AsyncClient(transport=transport, base_url=base_url) as client:
        yield client


class Transport(AsyncBaseTransport):
    """Calls an ASGI application in the loop of whoever sends the request."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def handle_async_request(self, request: Request) -> Response:
        """Sends a request; the answer's body may still be written when this returns."""
        assert isinstance(request.stream, AsyncByteStream), "an async client has async bodies"
        exchange, status, headers = await begin(self._application, request, request.stream)
        return Response(status, headers=headers, stream=Body(exchange))


class BlockingTransport(BaseTransport):
    """Calls an ASGI application in the loop that an App runs in."""

    def __init__(self, application: ASGIApp, app: BlockingApp) -> None:
        self._application = application
        self._app = app

    def handle_request(self, request: Request) -> Response:
        """Sends a request; the answer's body may still be written when this returns."""
        assert isinstance(request.stream, SyncByteStream), "a blocking client has such bodies"
        parts = Parts(list(request.stream))
        exchange, status, headers = self._app.run(begin, self._application, request, parts)
        return Response(status, headers=headers, stream=BlockingBody(exchange, self._app))


class Body(AsyncByteStream):
    """The body of an answer, read as it comes."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (part := await self._exchange.part()) is not None:
            yield part

    async def aclose(self) -> None:
        """Leaves, where the answer has not ended."""
        await self._exchange.close()


class BlockingBody(SyncByteStream):
    """The same for who does not run in the application's loop."""

    def __init__(self, exchange: Exchange, app: BlockingApp) -> None:
        self._exchange = exchange
        self._app = app

    def __iter__(self) -> Iterator[bytes]:
        while (part := self._app.run(self._exchange.part)) is not None:
            yield part

    def close(self) -> None:
        """Leaves, where the answer has not ended."""
        self._app.run(self._exchange.close)


class Parts(AsyncByteStream):
    """A request's body that is there already."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


async def begin(
    application: ASGIApp, request: Request, body: AsyncByteStream
) -> tuple[Exchange, int, list[tuple[bytes, bytes]]]:
    """Sends a request and waits for the status and the headers of its answer."""
    scope = scope_of(request.method, request.url, request.headers.raw)
    exchange = Exchange(application, scope, aiter(body))
    try:
        status, headers = await exchange.start()
    except BaseException:
        await exchange.close()
        raise
    return exchange, status, headers
