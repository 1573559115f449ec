"""One `wire_*` call, as the scan rules of plugins read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pikku_core.plugin.diagnostics import Diagnostic, DiagnosticError, Location
from pikku_core.plugin.expression import Call, Constant, Expression, Name, Shared
from pikku_core.plugin.model import DeclarationModel, FunctionModel, Json, WiringModel
from pikku_core.plugin.spelling import walk
from pikku_core.scan.arguments import Arguments, bind, in_words, what_is
from pikku_core.scan.constants import NOT_CONSTANT, strings, written
from pikku_core.scan.function_argument import find_function
from pikku_core.scan.nodes import dotted_name
from pikku_core.scan.parts import Part, find_parts
from pikku_core.scan.report import diagnostic, failure, from_unresolved
from pikku_core.scan.type_argument import read_type
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin.declarations import ScanRule
    from pikku_core.scan.callables import CallableLinker, Chosen
    from pikku_core.scan.functions import FunctionLinker
    from pikku_core.scan.names import Names
    from pikku_core.scan.resolve import Resolver

T = TypeVar("T")


class Linkers(NamedTuple):
    """What call sites ask for the things that they name."""

    resolver: Resolver
    installed: Names
    functions: FunctionLinker
    callables: CallableLinker


class ScannedCall:
    """A `CallSite` of a call in a module's top level, or of a part of one."""

    def __init__(self, part: Part, rule: ScanRule, linkers: Linkers) -> None:
        self._module, self._node, self._target = part
        self._rule = rule
        self._linkers = linkers
        self._resolver, self._installed, self._functions, self._callables = linkers
        parameters = (rule.parts if self._target in rule.parts else rule.calls)[self._target]
        self._nodes = bind(self._module, self._node, self._target, parameters)
        self._resolved: dict[str, Expression] = {}
        self._call: Call | None = None

    @property
    def target(self) -> str:
        """The dotted name that is called, as the rule lists it."""
        return self._target

    @property
    def location(self) -> Location:
        """The line on which the call starts."""
        return self._module.at(self._node[4])

    @property
    def call(self) -> Call:
        """The call with every name resolved."""
        if self._call is None:
            try:
                function = self._resolver.expression(self._module, self._node[1])
            except UnresolvedError as error:
                raise DiagnosticError(from_unresolved(error, self.location)) from None
            bound = [self.resolved(name) for name in self._nodes]
            count = len(self._node[2])
            words = [name for name, _, _ in self._node[3]]
            self._call = Call(
                function, tuple(bound[:count]), tuple(zip(words, bound[count:], strict=True))
            )
        return self._call

    @property
    def arguments(self) -> Mapping[str, Expression]:
        """The arguments given, by parameter name; each is resolved when it is asked for."""
        # Made anew each time: kept here, the two would hold each other, and a scan collects no garbage.
        return Arguments(self._nodes, self.resolved)

    def place(self, name: str) -> Location:
        """The line of an argument, or of the call where it is not given."""
        return self._module.at(self._nodes[name][1]) if name in self._nodes else self.location

    def resolved(self, name: str) -> Expression:
        """An argument with every name resolved."""
        value = self._resolved.get(name)
        if value is None:
            node, line = self._nodes[name]
            try:
                value = self._resolver.expression(self._module, node, line)
            except UnresolvedError as error:
                raise DiagnosticError(from_unresolved(error, self.place(name))) from None
            self._resolved[name] = value
        return value

    def literal(self, name: str, of: type[T], default: T | None = None) -> T:
        """The value of an argument that must be a literal of type `of`."""
        if name not in self._nodes:
            if default is None:
                raise self._lacks(name)
            return default
        value = self._constant(name)
        if value is NOT_CONSTANT:
            raise failure(
                "PKU118",
                f'"{name}" of "{self._short}" is not a literal.',
                self.place(name),
                hint="Write the value out, or name a constant of a module.",
            )
        # True is an int to Python, but nobody writes a status that way.
        if not isinstance(value, of) or (isinstance(value, bool) and of is not bool):
            raise failure(
                "PKU124",
                f'"{name}" of "{self._short}" must be {in_words(of)}, and is {value!r}.',
                self.place(name),
            )
        return value

    def literals(self, name: str) -> tuple[str, ...]:
        """The strings of an argument that must be a list or tuple of literals."""
        if name not in self._nodes:
            return ()
        found = strings(self._constant(name))
        if found is not None:
            return found
        raise failure(
            "PKU247",
            f'"{name}" of "{self._short}" is not a list of literal strings.',
            self.place(name),
            hint=f'Write the strings out: {name}=["users"].',
        )

    def type(self, name: str = "type") -> Expression:
        """The type that an argument is."""
        if name not in self._nodes:
            raise self._lacks(name)
        node, line = self._nodes[name]
        self._resolved[name] = read_type(self._resolver, self._module, node, line)
        return self._resolved[name]

    def function(self, name: str = "func") -> FunctionModel:
        """The function that an argument names."""
        if name not in self._nodes:
            raise failure(
                "PKU236",
                f'The call of "{self._short}" names no function.',
                self.location,
                hint=f"Add {name}=<a pikku_func function> to it.",
            )
        node, line = self._nodes[name]
        model = self._named(name)
        if model is not None:
            return model
        if not dotted_name(node):
            raise failure(
                "PKU236",
                f'"{name}" of "{self._short}" is {what_is(node)}, not the name of a function.',
                self.place(name),
                hint="Write a function marked with pikku_func, and name it here.",
            )
        try:
            found, rest = self._resolver.found(self._module, node, line)
        except UnresolvedError as error:
            code = "PKU236" if error.code == "PKU712" else error.code
            raise failure(code, error.message, self.place(name), hint=error.hint) from None
        if rest or found.is_module:
            raise failure(
                "PKU236",
                f'"{dotted_name(node)}" is not a function at the top level of a module.',
                self.place(name),
                hint="A method or an attribute cannot be wired: write a function that calls it.",
            )
        return find_function(self._functions, self._installed, found.name, self.place(name))

    def function_at(self, location: Location, name: str) -> FunctionModel:
        """The function that `str(Name)` names, for a reference inside a nested argument."""
        module, _, attribute = name.partition(":")
        return find_function(self._functions, self._installed, Name(module, attribute), location)

    def wiring(self, *, kind: str, id: str, meta: Mapping[str, Json] | None = None) -> WiringModel:
        """The wiring, its common options read from the call."""
        function = self.function()
        auth = None if self._is_none("auth") else self.literal("auth", bool)
        if auth is False and function.needs_session:
            raise failure(
                "PKU573",
                f'"auth=False" cannot open "{function.id}", which needs a session on every transport.',
                self.place("auth"),
                hint="Leave it out, or mark the function with pikku_sessionless_func.",
                related=[function.location],
            )
        middleware = self._chosen("middleware", "pikku_middleware")
        # The call comes last: what an option must be is said better than that it cannot be read.
        return WiringModel(
            kind=kind,
            id=id,
            location=self.location,
            meta=dict(meta or {}),
            function=function.id,
            auth=auth,
            scopes=self.literals("scopes"),
            tags=self.literals("tags"),
            middleware=tuple(middleware.keys),
            factory_calls=tuple(middleware.calls),
            permissions=tuple(self._chosen("permissions", "pikku_permission").keys),
            alternatives=self._alternatives(),
            call=self.call,
        )

    def declaration(
        self,
        *,
        kind: str,
        id: str,
        meta: Mapping[str, Json] | None = None,
        tag: str = "",
        type: Expression | None = None,
        variables: Sequence[str] = (),
    ) -> DeclarationModel:
        """The declaration, its `middleware` and `permissions` read from the call."""
        middleware = self._chosen("middleware", "pikku_middleware")
        return DeclarationModel(
            kind=kind,
            id=id,
            call=self.call,
            location=self.location,
            meta=dict(meta or {}),
            tag=tag,
            type=type,
            variables=tuple(variables),
            lines={parameter: line for parameter, (_, line) in self._nodes.items()},
            middleware=tuple(middleware.keys),
            factory_calls=tuple(middleware.calls),
            permissions=tuple(self._chosen("permissions", "pikku_permission").keys),
            alternatives=self._alternatives(),
        )

    def once(self, name: str) -> Expression:
        """The value of an argument, shared where something in it is called."""
        value = self.resolved(name)
        if not any(isinstance(part, Call) for part in walk(value, into_shared=False)):
            return value
        number = self._resolver.number(self._module, self._node)
        return Shared(self._module.name, f"{self._short}.{name}#{number}", value)

    def parts(self, name: str) -> list[ScannedCall]:
        """The calls in an argument that is a list of them."""
        if name not in self._nodes:
            return []
        found = find_parts(self._resolver, self._rule.parts, self._module, *self._nodes[name])
        return [ScannedCall(part, self._rule, self._linkers) for part in found]

    def diagnostic(self, code: str, message: str, *, hint: str = "") -> Diagnostic:
        """A diagnostic at this call."""
        return diagnostic(code, message, self.location, hint=hint)

    def _lacks(self, name: str) -> DiagnosticError:
        message = f'The call of "{self._short}" lacks "{name}".'
        return failure("PKU111", message, self.location, hint=f"Add {name}=… to it.")

    @property
    def _short(self) -> str:
        return self._target.rpartition(".")[2]

    def _named(self, name: str) -> FunctionModel | None:
        """The function that an argument leads to straight away, which nearly all do."""
        try:
            value = self.resolved(name)
        except DiagnosticError:
            return None
        return self._functions.at(value) if isinstance(value, Name) else None

    def _is_none(self, name: str) -> bool:
        return name not in self._nodes or self._nodes[name][0] == ("c", None)

    def _constant(self, name: str) -> Any:
        value = written(self._nodes[name][0])
        if value is not NOT_CONSTANT:
            return value
        try:
            return self._resolver.constant(self.resolved(name))
        except DiagnosticError as error:
            if error.diagnostic.code == "PKU711":
                return NOT_CONSTANT
            raise

    def _chosen(self, name: str, mark: str) -> Chosen:
        given = Constant(None) if self._is_none(name) else self.resolved(name)
        return self._callables.chosen(given, mark, self.place(name))

    def _alternatives(self) -> tuple[tuple[str, ...], ...]:
        name = "permissions"
        given = None if self._is_none(name) else self.resolved(name)
        return () if given is None else self._callables.alternatives(given, self.place(name))
