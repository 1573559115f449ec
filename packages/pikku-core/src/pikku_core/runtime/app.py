"""The App: a project that runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Self, Unpack, overload

from pikku_core.declaration import Wiring
from pikku_core.runtime.arguments import Supplier
from pikku_core.runtime.assembly import Assembly
from pikku_core.runtime.compiler import Compiler, Request
from pikku_core.runtime.container import Container
from pikku_core.runtime.dispatch import Dispatcher, RpcCaller, SyncRpcCaller, not_found, rpc_read
from pikku_core.runtime.environment import Environment
from pikku_core.runtime.handles import narrowed
from pikku_core.runtime.lane import Lanes
from pikku_core.runtime.options import AppOptions, check_options
from pikku_core.runtime.records import NO_DATA, FunctionRecord
from pikku_core.settled import settled
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from os import PathLike

    from pikku_core.declaration import Declaration
    from pikku_core.middleware import Middleware
    from pikku_core.permissions import PermissionGroup
    from pikku_core.rpc import Rpc
    from pikku_core.runtime.catalog import Catalog
    from pikku_core.runtime.chain import Invoke
    from pikku_core.runtime.dispatch import Around
    from pikku_core.runtime.handles import DeclarationHandle, W, WiringHandle
    from pikku_core.runtime.plan import Plan, Read
    from pikku_core.runtime.streams import Emit

log = logging.getLogger("pikku.app")


class App:
    """Functions, services and declarations that run together.

    ```python
    app = App([wire_http(method="post", route="/users", func=create_user)], services=[database])
    async with app:
        user = await app.rpc.create_user(CreateUser(name="Ada"))
    ```

    Args:
        declarations: What `wire_*` calls returned, one declaration or several; the functions they name need not be listed again.
        functions: Functions that no wiring names: called by `rpc`.
        services: Functions decorated with `pikku_service`.
        config: The class or function decorated with `pikku_config`.
        options: See `AppOptions`.

    Raises:
        DeclarationError: Two of one name, a signature that cannot be served, something that is not decorated.
    """

    directory: PathLike[str] | None
    """The `.pikku/` that it was loaded from; None for one that was put together by hand."""
    settings: Mapping[str, Mapping[str, Any]]
    """What `[tool.pikku]` says to each plugin, defaults filled in; empty for one that was put together by hand."""

    scope_things: Mapping[str, str]
    """Wire things that are made of the ASGI scope of a request, each with what makes it, as `"module:attribute"`."""

    def __init__(
        self,
        declarations: Iterable[Declaration | Iterable[Declaration]] = (),
        *,
        functions: Iterable[Callable[..., Any]] = (),
        services: Iterable[Callable[..., Any]] = (),
        config: Callable[..., Any] | None = None,
        **options: Unpack[AppOptions],
    ) -> None:
        factories = list(services) if config is None else [*services, config]
        self.directory = None
        given = options.get("instances", {}), options.get("adapters", ())
        self._set_up(Assembly(declarations, functions, factories, *given), options)

    @classmethod
    def load(
        cls,
        directory: str | PathLike[str],
        *,
        check_fresh: bool = True,
        **options: Unpack[AppOptions],
    ) -> Self:
        """The App of a generated `.pikku/`; each function and wiring is imported when it is first used.

        Args:
            check_fresh: Whether to refuse a directory that is older than the source beside it.
            options: See `AppOptions`.

        Raises:
            DeclarationError: The directory is missing, incomplete or stale; the message names the command to run.
        """
        from pikku_core.runtime.generated import Generated

        instances, adapters = options.get("instances", {}), options.get("adapters", ())
        catalog = Generated(directory, adapters, check_fresh=check_fresh, instances=instances)
        app = cls.__new__(cls)
        app.directory = catalog.directory
        app._set_up(catalog, options)  # noqa: SLF001 -- what `__init__` does, with another catalog
        return app

    def _set_up(self, catalog: Catalog, options: AppOptions) -> None:
        check_options(options)
        self._catalog = catalog
        self.settings = options.get("settings", {})
        self.scope_things = options.get("scope_things", {})
        idle = catalog.services.keys() - set(catalog.required)
        self.environment = Environment(
            catalog.definitions, options, hidden=catalog.secret_keys, idle=idle
        )
        self._startup = tuple(options.get("startup", ()))
        self._shutdown = tuple(options.get("shutdown", ()))
        self._depth = options.get("rpc_depth", 32)
        self._lanes = Lanes(options.get("threads", 40))
        self._container = Container(
            catalog.services,
            instances=options.get("instances", {}),
            environment=self.environment,
            needed_by=catalog.needed_by,
        )
        supplier = Supplier(catalog.services, self._container, self.environment, self._caller)
        self._compiler = Compiler(catalog, supplier, self._lanes)
        self._dispatcher: Dispatcher | None = None
        self._has_begun = False
        self._stopping = asyncio.Lock()
        self._stopper: asyncio.Task[Any] | None = None

    async def start(self) -> None:
        """Starts the singleton services that something needs, each after those that it asks for.

        Raises:
            EnvironmentFaultsError: Secrets or variables that are needed are missing or malformed.
            ServiceStartError: A service failed; what had started is stopped again.
            DeclarationError: Services ask for each other in a circle, or for what nobody gives.
            RuntimeError: The App is running, or about to.
        """
        if self._has_begun:
            raise RuntimeError("The App is running already.")
        self._has_begun = True
        self._stopping = asyncio.Lock()  # One that was waited for belongs to that event loop.
        try:
            await self.environment.read()
            await self._container.start(self._catalog.required)
            self._lanes.open()
            names, functions = self._catalog.rpc_names, self._catalog.functions
            self._dispatcher = Dispatcher(names, functions, self._rpc_plan, self._depth)
            for hook in self._startup:
                await settled(hook(self))
        except BaseException:
            await self._end()
            raise

    async def stop(self) -> None:
        """Stops the services in reverse order; a failing one is logged and the rest go on.

        Whoever calls it while it runs waits for its end, apart from a shutdown hook, which it waits for itself.
        """
        if self._stopper is asyncio.current_task():
            return
        async with self._stopping:
            if self._dispatcher is None:
                return
            self._stopper = asyncio.current_task()
            try:
                for hook in self._shutdown:
                    try:
                        await settled(hook(self))
                    except Exception:
                        log.exception("A shutdown hook failed.")
            finally:
                await self._end()

    async def _end(self) -> None:
        self._dispatcher = None
        try:
            await self._lanes.close()
        finally:
            try:
                await self._container.stop()
            finally:
                self._stopper, self._has_begun = None, False

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def rpc(self) -> Rpc:
        """Calls functions by name, from a program or a test, without a session."""
        return RpcCaller(self._running(), None)

    async def invoke(self, name: str, data: Any = NO_DATA, /, *, session: Any = None) -> Any:
        """Calls a function by name through the whole pipeline, as somebody with `session`.

        Raises:
            FunctionNotFoundError: No function has the name.
        """
        return await self._running().call(self.resolve(name), data, None, session)

    def observe(self, around: Around) -> None:
        """Lets `around` make of what invokes a function by name, and of its id, what does so in its place; until the App stops."""
        self._running().observe(around)

    def service(self, name: str) -> Any:
        """A started singleton service, or `config`.

        Raises:
            MissingServiceError: There is none, or nothing needed it.
        """
        return self._container[name]

    def functions(self) -> tuple[str, ...]:
        """The ids of all functions, sorted."""
        return tuple(self._catalog.functions)

    def resolve(self, name: str) -> str:
        """The id of the function that a running App calls by a name; raises `FunctionNotFoundError` where there is none."""
        return self._running().resolve(name, None)

    def record(self, function: str) -> FunctionRecord:
        """What is known of a function; imports it.

        Raises:
            FunctionNotFoundError: No function has the id.
        """
        if function not in self._catalog.functions:
            raise not_found(function, self._catalog.functions)
        return self._catalog.function(function)

    def kinds(self) -> tuple[str, ...]:
        """The kinds that have wirings or declarations, sorted."""
        return tuple(self._catalog.kinds)

    @overload
    def wirings(self, kind: str) -> tuple[WiringHandle[Wiring], ...]: ...
    @overload
    def wirings(self, kind: str, expected: type[W]) -> tuple[WiringHandle[W], ...]: ...
    def wirings(
        self, kind: str, expected: type[Wiring] = Wiring
    ) -> tuple[WiringHandle[Wiring], ...]:
        """The wirings of a kind, in order of declaration.

        Args:
            expected: The class of the kind's wirings: what the handles load, or else they raise `DeclarationError`.
        """
        return tuple(narrowed(handle, expected) for handle in self._catalog.wirings(kind))

    def declarations(self, kind: str) -> tuple[DeclarationHandle[Declaration], ...]:
        """The declarations of a kind that name no function, in order of declaration."""
        return tuple(self._catalog.declarations(kind))

    def plan(
        self,
        function: str,
        *,
        wiring: Wiring | None = None,
        wire: type[Wire] = Wire,
        pattern_middleware: Sequence[Middleware] = (),
        pattern_permissions: Sequence[PermissionGroup] = (),
        read: Read | None = None,
        write: Callable[[Any], Any] | None = None,
        emit: Emit | None = None,
    ) -> Plan:
        """Compiles how a function is invoked; the App must be running.

        Args:
            function: The function's id.
            wiring: The wiring whose options (`auth`, `scopes`, `middleware`, `permissions`, `tags`) hold beside the
                function's.
            wire: The class of the wires that `Plan.invoke` will get.
            pattern_middleware, pattern_permissions: What the transport chose by its own rules, in order.
            read: How the data is read; None for a function without data.
            write: Makes the answer from a result: `app.record(function).result.write_json`, or a function round it.
                It raises `InvalidResultError` for one that does not fit. Default: `result.check_result`.
            emit: Sends what `write` made of an item of a stream, before the next is asked for; None: streams are refused.

        Raises:
            DeclarationError: Something is asked for that invocations of this wiring cannot have.
            FunctionNotFoundError: No function has the id.
        """
        request = Request(wiring, wire, pattern_middleware, pattern_permissions, read, write, emit)
        return self._compiler.plan(self.record(function), request)

    def caller(
        self, wire: type[Wire], pattern_middleware: Sequence[Middleware] = ()
    ) -> Invoke | None:
        """What finds out who calls, where no function is called: to list what somebody may use, to close a door early.

        It takes a wire and returns, awaitably, the session that global and pattern middleware set; what such middleware
        raises, it raises. None where there is no such middleware; the App must be running.

        Args:
            wire: The class of the wires that it will get.
            pattern_middleware: What the transport chose by its own rules, in order.
        """
        return self._compiler.caller(wire, pattern_middleware)

    def _rpc_plan(self, function: str) -> Plan:
        return self.plan(function, read=rpc_read(self.record(function)))

    def _caller(self, wire: Wire, blocking: bool) -> RpcCaller:
        return (SyncRpcCaller if blocking else RpcCaller)(self._running(), wire)

    def _running(self) -> Dispatcher:
        if self._dispatcher is None:
            raise RuntimeError(
                'The App is not running: use "async with app", or "await app.start()".'
            )
        return self._dispatcher
