"""Singleton services: started in the order of their dependencies, stopped in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from pikku_core.errors import DeclarationError, MissingServiceError, ServiceStartError
from pikku_core.runtime.environment import THINGS
from pikku_core.runtime.lane import Lane
from pikku_core.runtime.origin import sentence
from pikku_core.service import HasBlockingTwin

if TYPE_CHECKING:
    from pikku_core.runtime.environment import Environment
    from pikku_core.runtime.records import Needs, ServiceRecord

Stop = Callable[[], Awaitable[Any]]

log = logging.getLogger("pikku.services")


class Container:
    """The singleton services of an App.

    Sync services are started and stopped in one thread that the container owns, so that what is bound to its thread
    (a sqlite3 connection) is closed where it was opened. Async ones run on the loop.

    Args:
        records: All services, by id.
        instances: Those that exist already.
        environment: The secrets and variables, which services may ask for.
        needed_by: Says for an error message who needs a service.
    """

    def __init__(
        self,
        records: Mapping[str, ServiceRecord],
        *,
        instances: Mapping[str, Any],
        environment: Environment,
        needed_by: Callable[[str], str],
    ) -> None:
        self._records = records
        self._environment = environment
        self._instances = dict(instances)
        self._needed_by = needed_by
        self._values: dict[str, Any] = dict(instances)
        self._stops: list[tuple[str, Stop]] = []
        self._lane: Lane | None = None

    def __contains__(self, service: str) -> bool:
        return service in self._values

    def __getitem__(self, service: str) -> Any:
        if service in self._values:
            return self._values[service]
        raise MissingServiceError(
            f'The service "{service}" has not been started: {self._reason(service)}.'
        )

    async def start(self, required: Iterable[str]) -> None:
        """Starts services and what they ask for.

        Raises:
            ServiceStartError: One failed; those that had started are stopped.
            DeclarationError: Services ask for each other in a circle, or for what nobody gives.
        """
        for service in start_order(self._records, self._instances, required):
            try:
                self._values[service] = await self._start(self._records[service])
            except BaseException as error:
                await self.stop()
                if isinstance(error, Exception):
                    raise ServiceStartError(
                        f'The service "{service}" (needed by {self._needed_by(service)}) did not start: '
                        f"{sentence(error)}."
                    ) from error
                raise

    async def stop(self) -> None:
        """Stops what has been started; a failure is logged and the rest go on."""
        cancelled: asyncio.CancelledError | None = None
        while self._stops:
            service, stop = self._stops.pop()
            try:
                await stop()
            except asyncio.CancelledError as error:
                cancelled = error
            except Exception:
                log.exception('The service "%s" did not stop properly.', service)
        self._values = dict(self._instances)
        if self._lane is not None:
            await self._lane.close()
            self._lane = None
        if cancelled is not None:
            raise cancelled

    async def _start(self, record: ServiceRecord) -> Any:
        factory, arguments = record.factory(), self._arguments(record)
        match record.needs.kind:
            case "async":
                return await factory(**arguments)
            case "async_generator":
                context = asynccontextmanager(factory)(**arguments)
                value = await context.__aenter__()
                self._stops.append((record.id, lambda: context.__aexit__(None, None, None)))
                return value
            case "sync_generator":
                lane, sync_context = self._thread(), contextmanager(factory)(**arguments)
                # First: a thread cannot be interrupted, and starts the service though its start is cancelled. Where
                # it did not start, stopping it does nothing.
                self._stops.append(
                    (record.id, lambda: lane.run(lambda: sync_context.__exit__(None, None, None)))
                )
                return await lane.run(sync_context.__enter__)
            case "sync" | "class":
                return await self._thread().run(lambda: factory(**arguments))

    def _arguments(self, record: ServiceRecord) -> dict[str, Any]:
        values: dict[str, Any] = {"logger": logging.getLogger(f"pikku.{record.id}")}
        for provider in record.needs.parameters.values():
            if provider.rpartition(":")[2] in THINGS:
                values[provider] = self._environment.thing(provider)
        values |= self._values
        return {
            name: form_for(record.needs, values[provider])
            for name, provider in record.needs.parameters.items()
            if provider in values or name not in record.needs.optional
        }

    def _thread(self) -> Lane:
        if self._lane is None:
            self._lane = Lane(asyncio.get_running_loop(), "pikku-services")
        return self._lane

    def _reason(self, service: str) -> str:
        if service not in self._records:
            return "nobody gives it"
        return "start the App first" if not self._values else "nothing that was selected needs it"


def form_for(needs: Needs, service: Any) -> Any:
    """A service in the form that suits a callable: sync ones get its blocking twin, where it has one."""
    return (
        service.blocking_twin()
        if needs.is_sync and isinstance(service, HasBlockingTwin)
        else service
    )


def start_order(
    records: Mapping[str, ServiceRecord], given: Iterable[str], required: Iterable[str]
) -> list[str]:
    """The singletons to start, each after those that it asks for; what is given already is left out.

    Args:
        records: All services, by id.
        given: Services that exist already.
        required: What is needed; the singletons of call services among them are found.

    Raises:
        DeclarationError: A circle, a service that nobody gives, a singleton that asks for something of a single call.
    """
    done, order = set(given), list[str]()

    def visit(service: str, path: tuple[str, ...]) -> None:
        refuse_circle(service, path)
        if service in done:
            return
        record = records[service]
        for name, provider in record.needs.parameters.items():
            if record.scope == "singleton" and provider not in done:
                check_dependency(record, records, name)
            if provider in records:
                visit(provider, (*path, service))
        done.add(service)
        if record.scope == "singleton":
            order.append(service)

    for service in sorted(required):
        if service in records:
            visit(service, ())
    return order


def refuse_circle(service: str, path: tuple[str, ...]) -> None:
    """Raises `DeclarationError` where a service is one of those that ask for it."""
    if service in path:
        circle = " -> ".join(f'"{each}"' for each in (*path[path.index(service) :], service))
        raise DeclarationError(f"Services ask for each other in a circle: {circle}.")


def check_dependency(
    record: ServiceRecord, records: Mapping[str, ServiceRecord], parameter: str
) -> None:
    """Raises `DeclarationError` where a singleton asks for what it cannot have."""
    provider = record.needs.parameters[parameter]
    if provider in records:
        if records[provider].scope == "call":
            raise DeclarationError(
                f'The singleton service "{record.id}" asks for "{provider}", which lives for one call only: give '
                f'"{record.id}" the scope "call" too.'
            )
    elif (
        provider != "logger"
        and provider.rpartition(":")[2] not in THINGS
        and parameter not in record.needs.optional
    ):
        raise DeclarationError(
            f'The service "{record.id}" asks for "{provider}", which nobody gives: declare a service of that name, or '
            "give the parameter a default of None."
        )
