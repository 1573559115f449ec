"""What the tests of HTTP share: an App behind a client, in this process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import settings

from pikku_core import App
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from contextlib import AbstractAsyncContextManager

    from httpx2 import AsyncClient

    from pikku_core import Declaration

settings.register_profile(
    "patient", deadline=None
)  # How long an example takes says something of the machine.
settings.load_profile("patient")


class Serve(Protocol):
    """Runs an App of declarations and gives a client of it; options are those of `HttpApplication`."""

    def __call__(
        self, *declarations: Declaration | Iterable[Declaration], **options: Any
    ) -> AbstractAsyncContextManager[AsyncClient]: ...


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def serve() -> Serve:
    @asynccontextmanager
    async def run(
        *declarations: Declaration | Iterable[Declaration], **options: Any
    ) -> AsyncGenerator[AsyncClient]:
        async with App(declarations) as app, client_of(app, **options) as client:
            yield client

    return run
