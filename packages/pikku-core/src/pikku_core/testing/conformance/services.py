"""What every service does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from pikku_core import App, pikku_service, pikku_sessionless_func
from pikku_core.errors import ServiceStartError
from pikku_core.runtime.inspection import service_record
from pikku_core.testing.conformance.event_loop import in_event_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class ServiceConformance(ABC):
    """The suite of a service: the subclass names its factory, what that asks for, and a way to tell that it works.

    ```python
    class TestDatabase(ServiceConformance):
        def factory(self) -> Callable[..., Any]:
            return database

        def instances(self) -> Mapping[str, Any]:
            return {"config": Config(database_url="sqlite://")}

        async def use(self, service: Database) -> None:
            assert await service.count_users() == 0
    ```

    A service is started and stopped several times, and twice at the same time: in one process several Apps may have it.
    """

    @abstractmethod
    def factory(self) -> Callable[..., Any]:
        """The function decorated with `pikku_service`."""

    def instances(self) -> Mapping[str, Any]:
        """What the factory asks for, by name. Default: nothing."""
        return {}

    @abstractmethod
    async def use(self, service: Any) -> None:
        """Does something with a service that only a working one lets it."""

    def app(self, *more: Callable[..., Any]) -> App:
        """An App with a function that asks for the service."""
        return App(
            functions=[self._function()],
            services=[self.factory(), *more],
            instances=dict(self.instances()),
        )

    @property
    def name(self) -> str:
        """What functions call the service."""
        return service_record(self.factory()).id

    @in_event_loop
    async def test_it_starts_works_and_stops(self) -> None:
        async with self.app() as app:
            await app.invoke("use_service")

    @in_event_loop
    async def test_it_stops_although_nothing_used_it(self) -> None:
        async with self.app():
            pass

    @in_event_loop
    async def test_it_starts_again_once_it_has_stopped(self) -> None:
        app = self.app()
        for _ in range(2):
            async with app:
                await app.invoke("use_service")

    @in_event_loop
    async def test_two_apps_have_it_at_the_same_time(self) -> None:
        async with self.app() as one, self.app() as other:
            await one.invoke("use_service")
            await other.invoke("use_service")
            await one.stop()
            await other.invoke("use_service")

    @in_event_loop
    async def test_it_stops_where_another_service_does_not_start(self) -> None:
        @pikku_service
        async def zz_failing() -> None:
            raise ConnectionError

        @pikku_sessionless_func
        async def zz_use(*, zz_failing: None) -> None:
            return zz_failing

        app = App(
            functions=[self._function(), zz_use],
            services=[self.factory(), zz_failing],
            instances=dict(self.instances()),
        )
        with suppress(ServiceStartError):
            await app.start()
            raise AssertionError("An App started although a service did not.")
        async with self.app() as again:
            await again.invoke("use_service")

    def _function(self) -> Callable[..., Any]:
        """A function that asks for the service under its name and uses it."""

        async def use_service(**services: Any) -> None:
            await self.use(services[self.name])

        service = Parameter(self.name, Parameter.KEYWORD_ONLY, annotation=Any)
        setattr(use_service, "__signature__", Signature([service], return_annotation=None))  # noqa: B010 - type checkers refuse the plain assignment
        return pikku_sessionless_func(use_service)
