"""Calls by name: what is behind the wire thing `rpc`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from typing import Any

from pikku_core.errors import FieldError, FunctionNotFoundError, InvalidDataError, RpcDepthError
from pikku_core.nearest import nearest_name
from pikku_core.rpc import invoked_names
from pikku_core.runtime.chain import Invoke
from pikku_core.runtime.plan import Plan, Read
from pikku_core.runtime.records import NO_DATA, FunctionRecord
from pikku_core.runtime.state import current_session, lane_of, state_of
from pikku_core.version import versions_meant
from pikku_core.wire import Wire

Start = Callable[[], Coroutine[Any, Any, Any]]
Around = Callable[[Invoke, str], Invoke]
"""Stands round calls: given what invokes a function, and the id of that, what does so in its place."""


class RpcWire(Wire):
    """The wire of a call by name."""

    __slots__ = ("data",)

    def __init__(self, function: str, data: Any, *, origin: Wire | None) -> None:
        super().__init__(function, function, origin=origin)
        self.data = data


class Dispatcher:
    """Calls functions by name.

    Args:
        names: The attribute chain of each function under `rpc`, with its id.
        functions: The ids of all functions.
        compile: Compiles the plan of a function, when it is first called.
        depth: How deeply calls may be nested.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        functions: Iterable[str],
        compile: Callable[[str], Plan],
        depth: int,
    ) -> None:
        self.names = names
        self.namespaces = frozenset(
            chain[:end] for chain in names for end, letter in enumerate(chain) if letter == "."
        )
        self._invoked = {**invoked_names(names), **{function: function for function in functions}}
        self._compile = compile
        self._depth = depth
        self._around: list[Around] = []
        self._invokes: dict[str, Invoke] = {}

    def observe(self, around: Around) -> None:
        """Stands round all calls from now on; of the same one only the first counts."""
        if around not in self._around:
            self._around.append(around)
            self._invokes.clear()

    def resolve(self, name: str, caller: Wire | None) -> str:
        """The id of the function that a caller means; inside an addon, the addon's own comes first.

        Raises:
            FunctionNotFoundError: No function has the name.
        """
        namespace = namespace_of(caller)
        if namespace and f"{namespace}:{name}" in self._invoked:
            return self._invoked[f"{namespace}:{name}"]
        if name in self._invoked:
            return self._invoked[name]
        raise not_found(name, self._invoked)

    async def call(
        self,
        function: str,
        data: Any,
        caller: Wire | None,
        session: Any,
        *,
        detached: bool = False,
    ) -> Any:
        """Runs a function through its whole pipeline.

        Args:
            detached: Whether it must not use the thread of the caller.

        Raises:
            RpcDepthError: Calls are nested too deeply.
        """
        invoke = self._invokes.get(function)
        if invoke is None:
            invoke = self._invokes[function] = self._invoke_of(function)
        wire = RpcWire(function, data, origin=caller)
        if wire.depth > self._depth:
            raise RpcDepthError(
                f'The call of "{function}" is nested {wire.depth} deep, {self._depth} is the limit: functions call '
                'each other in a circle, or the App needs a higher "rpc_depth".'
            )
        wire.session = session
        if detached:
            state_of(wire).detached = True
        return await invoke(wire)

    def _invoke_of(self, function: str) -> Invoke:
        invoke = self._compile(function).invoke
        for around in self._around:
            invoke = around(invoke, function)
        return invoke


class RpcCaller:
    """The wire thing `rpc`, or a namespace of it; see `pikku_core.rpc.Rpc`."""

    __slots__ = ("_caller", "_dispatcher", "_prefix")

    def __init__(self, dispatcher: Dispatcher, caller: Wire | None, prefix: str = "") -> None:
        self._dispatcher = dispatcher
        self._caller = caller
        self._prefix = prefix

    def invoke(self, name: str, data: Any = NO_DATA, /) -> Any:
        """Calls the function of that id."""
        return self._call(self._dispatcher.resolve(name, self._caller), data)

    def __getattr__(self, name: str, /) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        names, namespace = self._dispatcher.names, namespace_of(self._caller)
        chains = [self._prefix + name]
        if namespace and not self._prefix:
            chains.insert(0, f"{namespace}.{name}")
        for chain in chains:
            if chain in names:
                return partial(self._call, names[chain])
            if chain in self._dispatcher.namespaces:
                return type(self)(self._dispatcher, self._caller, f"{chain}.")
        raise not_found(self._prefix + name, names, names.values())

    def _call(self, function: str, data: Any = NO_DATA, /) -> Any:
        return self._start(function, data)

    def _start(
        self, function: str, data: Any, *, detached: bool = False
    ) -> Coroutine[Any, Any, Any]:
        caller = self._caller
        session = None if caller is None else current_session(caller)
        return self._dispatcher.call(function, data, caller, session, detached=detached)


class SyncRpcCaller(RpcCaller):
    """The wire thing `rpc` of sync functions; see `pikku_core.rpc.SyncRpc`."""

    __slots__ = ()

    def _call(self, function: str, data: Any = NO_DATA, /) -> Any:
        assert self._caller is not None
        lane = lane_of(self._caller)
        if lane is None:
            raise RuntimeError(
                f'"rpc" is used although the call of "{self._caller.function}" has ended: wait for the threads that use it.'
            )
        # A thread that the function started by itself has no part in its lane, which may be waiting for that thread.
        detached = not lane.is_here()
        return lane.wait(lambda: self._start(function, data, detached=detached))


def namespace_of(caller: Wire | None) -> str:
    """The addon whose function calls; empty for the project's own."""
    return caller.function.rpartition(":")[0] if caller is not None else ""


def not_found(
    name: str, known: Iterable[str], functions: Iterable[str] = ()
) -> FunctionNotFoundError:
    """The error for a name that nobody has; it names the versions that there are, or the nearest name.

    Args:
        known: The names that somebody has.
        functions: The ids of the functions, where `known` are not ids.
    """
    known = list(known)
    versions = versions_meant(name.replace(".", ":"), [*known, *functions])
    near = nearest_name(name, sorted(known))
    hint = f' Is it "{near}"?' if near else ""
    if versions:
        hint = " There is {}.".format(", ".join(f'"{one}"' for one in versions))
    return FunctionNotFoundError(f'There is no function "{name}".{hint}')


def rpc_read(record: FunctionRecord) -> Read:
    """How the data of a call by name is read: an exact instance as it is, anything else validated."""
    if record.data is None:
        return Read(partial(no_data, record.id))
    read_value, default = record.data.read_value, record.default

    def read(wire: RpcWire) -> Any:
        if wire.data is not NO_DATA:
            return read_value(wire.data)
        if default is NO_DATA:
            raise InvalidDataError(
                [FieldError((), "missing", f'The function "{record.id}" takes data.')]
            )
        return NO_DATA

    return Read(read)


def no_data(function: str, wire: RpcWire) -> None:
    """Refuses data for a function that takes none."""
    if wire.data is not NO_DATA and wire.data is not None:
        raise InvalidDataError(
            [FieldError((), "unexpected_data", f'The function "{function}" takes no data.')]
        )
