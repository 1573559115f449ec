"""What HTTP adds to a project under test: its client."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.plugin.target import resolve
from pikku_core.testing.blocking import run_app
from pikku_core.testing.project import PikkuProject
from pikku_core.testing.run import Run
from pikku_http.http.create import application_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from httpx2 import AsyncClient, Client

    from pikku_core import App
    from pikku_http.http.application import HttpApplication

ClientRun: TypeAlias = "Run[Client, AsyncClient]"
"""A client while its context lasts: `with` gives an `httpx2.Client`, `async with` an `httpx2.AsyncClient`."""


class HttpProject(PikkuProject):
    """A project of tests whose HTTP wirings have a client: what the fixture `pikku` is where `pikku-http` is installed."""

    def client(self, *, variables: Mapping[str, str] | None = None, **services: Any) -> ClientRun:
        """A client of the running project, for `with` (in a background event loop) or `async with`.

        Requests reach the application without a network, with the project's settings of HTTP and what other components
        mount: it answers what `pikku dev` does, `/openapi.json` and `/docs` too unless `http.docs` is `never`. Cookies are
        kept, redirects are not followed.

        Args:
            variables: See `PikkuProject.app`.
            services: What stands in for services, by name; see `PikkuProject.app`.

        Raises:
            ImportError: `httpx2` is not installed.
        """
        load = partial(self.load, variables=variables, **services)
        return Run(lambda: self._blocking_client(load()), lambda: self._client(load()))

    def application(self, app: App) -> HttpApplication:
        """The ASGI application of a running App of this project, open."""
        kinds = {"", *app.kinds()}
        mounts = [
            (component.name, resolve(target))
            for component in self.registry.serve_components.values()
            for host, target in component.mounts
            if host == "http" and component.kind in kinds
        ]
        application = application_of(app, self.settings.plugins["http"], mounts, development=True)
        application.open()
        return application

    @contextmanager
    def _blocking_client(self, app: App) -> Generator[Client]:
        opened_client = client_module().blocking_opened_client
        with run_app(app) as running, opened_client(self.application(app), running) as client:
            yield client

    @asynccontextmanager
    async def _client(self, app: App) -> AsyncGenerator[AsyncClient]:
        opened_client = client_module().opened_client
        async with app, opened_client(self.application(app)) as client:
            yield client


def client_module() -> Any:
    """The module of clients.

    Raises:
        ImportError: What it needs is not installed.
    """
    try:
        from pikku_http.testing import client
    except ModuleNotFoundError as error:
        raise ImportError(
            f'A client needs "{error.name}": install "pikku-http[testing]".', name=error.name
        ) from error
    return client
