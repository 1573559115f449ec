"""Makes plans: each step that an invocation needs is found here, once; what it does not need costs it nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.errors import DeclarationError
from pikku_core.middleware import Middleware, MiddlewareDeclaration
from pikku_core.permissions import Permission, PermissionGroup, PermissionsDeclaration
from pikku_core.runtime.arguments import Arguments, Owner, Supplier
from pikku_core.runtime.call_services import compile_call_services
from pikku_core.runtime.calling import compile_call
from pikku_core.runtime.chain import ordered
from pikku_core.runtime.checks import Check, compile_permissions
from pikku_core.runtime.gates import compile_gate
from pikku_core.runtime.inspection import place
from pikku_core.runtime.plan import Plan, Read
from pikku_core.runtime.steps import (
    Execute,
    Opening,
    Write,
    compile_caller,
    compile_invoke,
    execute_in_lane,
    execute_on_loop,
)
from pikku_core.runtime.streams import Emit, Sink, no_other_result, stream_in_lane, stream_on_loop
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pikku_core.declaration import Wiring
    from pikku_core.runtime.catalog import Catalog
    from pikku_core.runtime.chain import Invoke
    from pikku_core.runtime.lane import Lanes
    from pikku_core.runtime.records import FunctionRecord
    from pikku_core.wire import Wire


@dataclass(frozen=True, slots=True)
class Request:
    """What a transport asks `App.plan` for."""

    wiring: Wiring | None
    wire: type[Wire]
    pattern_middleware: Sequence[Middleware]
    pattern_permissions: Sequence[PermissionGroup]
    read: Read | None
    write: Write | None
    emit: Emit | None


class Compiler:
    """Compiles the plans of an App."""

    def __init__(self, catalog: Catalog, supplier: Supplier, lanes: Lanes) -> None:
        self._catalog = catalog
        self._supplier = supplier
        self._lanes = lanes

    def plan(self, record: FunctionRecord, request: Request) -> Plan:
        """The plan of a function for one wiring.

        Raises:
            DeclarationError: Something is asked for that invocations of this wiring cannot have.
        """
        emit = request.emit if record.is_stream else None
        if record.is_stream and emit is None:
            raise DeclarationError(
                f'The function "{record.id}" is a stream, which wirings of the kind "{request.wire.kind}" do not serve.'
            )
        if record.data is not None and request.read is None:
            raise DeclarationError(
                f'The function "{record.id}" takes data, and no "read" says where from.'
            )
        owner = self._owner(record, request, f'function "{record.id}"', calls=True)
        arguments = self._supplier.arguments(record.needs, owner)
        services = compile_call_services(
            arguments.calls, self._catalog.services, self._supplier, owner
        )
        require = compile_permissions(
            self._permission_groups(record, request),
            lambda permission: self._check(permission, record, request),
        )
        layers = [
            (each, self._middleware_arguments(each, record, request))
            for each in self._middleware(record, request)
        ]
        gate = self._gate(record, request, has_middleware=bool(layers))
        write = request.write or record.result.check_result
        func = arguments.bind(record.func)
        call = compile_call(func, arguments.changing, first=record.data is not None)
        execute: Execute | None = None
        if emit is not None:
            sink = Sink(write, emit)
            execute = (
                stream_in_lane(self._lanes, call, sink, require, services)
                if record.needs.is_sync
                else stream_on_loop(call, sink, require, services)
            )
            write = no_other_result(record.id)
        elif record.needs.is_sync:
            execute = execute_in_lane(self._lanes, call, write, require, services)
        elif require is not None or services is not None:
            execute = execute_on_loop(call, write, require, services)
        opening = Opening(gate, request.read, record.default)
        is_plain = gate is None and execute is None and not layers and not arguments.changing
        return Plan(
            record,
            compile_invoke(opening, layers, call, write, execute),
            func if is_plain else None,
        )

    def caller(self, wire: type[Wire], pattern_middleware: Sequence[Middleware]) -> Invoke | None:
        """What finds out who calls, by global and pattern middleware; None where there is none."""
        middleware = ordered([*self._global_middleware(), *pattern_middleware])
        layers = [(each, self._supplied(each, wire)) for each in middleware]
        return compile_caller(layers) if layers else None

    def _gate(
        self, record: FunctionRecord, request: Request, *, has_middleware: bool
    ) -> Callable[[Wire], None] | None:
        wiring, config = request.wiring, record.config
        needs_session = config.needs_session or (wiring is not None and wiring.auth is True)
        scopes = (*(wiring.scopes if wiring else ()), *config.scopes)
        may_have_session = has_middleware or uses_session(record) or request.wire.carries_session
        if not (needs_session or scopes or may_have_session):
            return None
        return compile_gate(
            resolves=has_middleware,
            needs_session=needs_session,
            readonly=config.readonly,
            scopes=scopes,
        )

    def _middleware(self, record: FunctionRecord, request: Request) -> list[Middleware]:
        collected = [*self._global_middleware(), *request.pattern_middleware]
        for tag in ancestry(tags_of(record, request.wiring)):
            for declaration in self._declared_middleware():
                if declaration.tag == tag:
                    collected += declaration.middleware
        if request.wiring is not None:
            collected += request.wiring.middleware
        collected += record.config.middleware
        return ordered(collected)

    def _declared_middleware(self) -> list[MiddlewareDeclaration]:
        loaded = self._catalog.loaded("middleware")
        return [each for each in loaded if isinstance(each, MiddlewareDeclaration)]

    def _global_middleware(self) -> list[Middleware]:
        declared = self._declared_middleware()
        return [layer for each in declared if each.tag is None for layer in each.middleware]

    def _permission_groups(self, record: FunctionRecord, request: Request) -> list[PermissionGroup]:
        wiring = request.wiring
        declared = [
            each
            for each in self._catalog.loaded("permissions")
            if isinstance(each, PermissionsDeclaration)
        ]
        tags = ancestry(tags_of(record, wiring))
        groups = [each.permissions for each in declared if each.tag is None]
        groups += request.pattern_permissions
        groups += [each.permissions for tag in tags for each in declared if each.tag == tag]
        own = (wiring.permissions if wiring else None, record.config.permissions)
        return [*groups, *(group for group in own if group is not None)]

    def _middleware_arguments(
        self, middleware: Middleware, record: FunctionRecord, request: Request
    ) -> Arguments:
        return self._supplied(middleware, request.wire, record.id, blocking=record.needs.is_sync)

    def _supplied(
        self,
        middleware: Middleware,
        wire: type[Wire],
        function: str = "",
        *,
        blocking: bool = False,
    ) -> Arguments:
        needs = self._catalog.needs_of(middleware)
        if needs.kind != "async" or not needs.data:
            raise DeclarationError(
                f'The middleware "{place(middleware)}" is not an async function of "next".'
            )
        owner = Owner(
            what=f'middleware "{place(middleware)}"',
            function=function,
            wire=wire,
            calls=False,
            secrets=True,
            blocking=blocking,
        )
        return self._supplier.arguments(needs, owner)

    def _check(self, permission: Permission, record: FunctionRecord, request: Request) -> Check:
        needs = self._catalog.needs_of(permission)
        if needs.data and record.data is None:
            raise DeclarationError(
                f'The permission "{place(permission)}" takes the data of the call, and the function "{record.id}" has none.'
            )
        what = f'permission "{place(permission)}"'
        arguments = self._supplier.arguments(needs, self._owner(record, request, what))
        return Check(arguments.bind(permission), arguments.giver(), needs.data, needs.is_sync)

    def _owner(
        self,
        record: FunctionRecord,
        request: Request,
        what: str,
        *,
        calls: bool = False,
    ) -> Owner:
        return Owner(
            what=what,
            function=record.id,
            wire=request.wire,
            calls=calls,
            secrets=False,
            blocking=record.needs.is_sync,
        )


def tags_of(record: FunctionRecord, wiring: Wiring | None) -> tuple[str, ...]:
    """The tags of an invocation: the wiring's, then the function's."""
    return (*(wiring.tags if wiring else ()), *record.config.tags)


def uses_session(record: FunctionRecord) -> bool:
    """Whether a function looks at who calls."""
    return not {"session", "sessions"}.isdisjoint(record.needs.parameters.values())
