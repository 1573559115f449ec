"""What the tests of bodies share: an App behind a client, in this process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from pikku_core import App
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from httpx2 import AsyncClient

    from pikku_http import HttpWiring


class Serve(Protocol):
    """Runs an App of wirings and gives a client of it; options are those of `HttpApplication`."""

    def __call__(
        self,
        *wirings: HttpWiring,
        services: tuple[Callable[..., Any], ...] = (),
        **options: Any,
    ) -> AbstractAsyncContextManager[AsyncClient]: ...


@pytest.fixture
def serve() -> Serve:
    @asynccontextmanager
    async def run(
        *wirings: HttpWiring, services: tuple[Callable[..., Any], ...] = (), **options: Any
    ) -> AsyncGenerator[AsyncClient]:
        async with App(wirings, services=services) as app, client_of(app, **options) as client:
            yield client

    return run
