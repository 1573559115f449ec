"""Middleware and permissions: the callables that options name, directly or through a factory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import (
    Call,
    Constant,
    DictDisplay,
    Expression,
    ListDisplay,
    Name,
    Shared,
    Starred,
    TupleDisplay,
)
from pikku_core.plugin.model import CallableModel
from pikku_core.scan.constants import NOT_CONSTANT
from pikku_core.scan.marks import CALLABLES, Marked, Marks
from pikku_core.scan.parameters import ParameterReader, kind_of
from pikku_core.scan.report import Report, failure
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.modules import Module
    from pikku_core.scan.names import Found, Names
    from pikku_core.scan.resolve import Resolver
    from pikku_core.scan.uses import Uses


@dataclass(slots=True)
class Chosen:
    """What an option names.

    Attributes:
        keys: Those of the callables, in order.
        calls: The calls of factories; see `DeclarationModel.factory_calls`.
    """

    keys: dict[str, None] = field(default_factory=dict[str, None])
    calls: list[Call] = field(default_factory=list[Call])


class CallableLinker:
    """Finds the middleware and permissions of a project and keeps their models."""

    def __init__(
        self,
        resolver: Resolver,
        installed: Names,
        marks: Marks,
        parameters: ParameterReader,
        *,
        uses: Uses,
        report: Report,
    ) -> None:
        self._resolver = resolver
        self._installed = installed
        self._marks = marks
        self._parameters = parameters
        self._uses = uses
        self._report = report
        self.models: dict[str, CallableModel] = {}
        self.marked: dict[str, Marked] = {}
        """The `def` of each callable, by key."""

    def link(self, marked: Marked) -> str:
        """Makes the model of a marked callable, once, and gives its key."""
        facts = marked.facts
        qualname = facts["qualname"]
        top = qualname.partition(".")[0]
        model = CallableModel(
            origin=Name(marked.module.name, top),
            qualname=qualname,
            location=marked.location,
            kind=kind_of(facts),
            factory=top != qualname,
        )
        if model.key in self.models:
            return model.key
        self.marked[model.key] = marked
        # The first positional parameter of a middleware is `next`, that of a permission the data.
        self._parameters.positional_services(marked, 1)
        data = None
        if marked.mark == "pikku_middleware":
            self._check_middleware(marked)
        elif facts["positional"]:
            first = facts["positional"][0]
            data = self._parameters.annotation(marked, first["annotation"], first["line"])
            self._check_permission_data(marked)
        self.models[model.key] = CallableModel(
            origin=model.origin,
            qualname=qualname,
            location=model.location,
            kind=model.kind,
            parameters=self._parameters.keyword_only(marked),
            factory=model.factory,
            data=data,
            rpc=self._uses.rpc(marked),
            secrets=self._uses.secrets(marked),
            variables=self._uses.variables(marked),
        )
        return model.key

    def keys(self, expression: Expression, mark: str, place: Location) -> tuple[str, ...]:
        """The keys of the callables that an option's value names, in order.

        Args:
            mark: `pikku_middleware` or `pikku_permission`.

        Raises:
            DiagnosticError: PKU559 where something in it is no such callable.
        """
        return tuple(self.chosen(expression, mark, place).keys)

    def chosen(self, expression: Expression, mark: str, place: Location) -> Chosen:
        """What an option's value names, with the calls that make some of it; see `keys`."""
        found = Chosen()
        self._collect(expression, mark, place, found)
        return found

    def alternatives(self, expression: Expression, place: Location) -> tuple[tuple[str, ...], ...]:
        """The keys of the permissions that an option's value names, as they are asked; see `FunctionModel.alternatives`.

        Raises:
            DiagnosticError: PKU559 where something in it is no permission.
        """
        match expression:
            case Shared(_, _, value):
                return self.alternatives(value, place)
            case Name():
                assigned = self._assigned(expression, self._lookup(expression, place), place)
                if assigned is not None:
                    return self.alternatives(assigned, place)
            case DictDisplay(pairs):
                found: list[tuple[str, ...]] = []
                for key, value in pairs:
                    if key is None:
                        found += self.alternatives(value, place)
                    else:
                        found.append(self.keys(value, "pikku_permission", place))
                return tuple(found)
            case _:
                pass
        keys = self.keys(expression, "pikku_permission", place)
        return (keys,) if keys else ()

    def _collect(self, expression: Expression, mark: str, place: Location, found: Chosen) -> None:
        match expression:
            case ListDisplay(items) | TupleDisplay(items):
                for item in items:
                    self._collect(item, mark, place, found)
            case DictDisplay(pairs):
                for _, value in pairs:
                    self._collect(value, mark, place, found)
            case Shared(_, _, value) | Starred(value):
                self._collect(value, mark, place, found)
            case Constant(None):
                return
            case Name():
                self._named(expression, mark, place, found)
            case Call(Name() as function, _, _):
                self._made(function, expression, mark, place, found)
            case _:
                raise self._not_callable("It", mark, place)

    def _named(self, name: Name, mark: str, place: Location, found: Chosen) -> None:
        leads = self._lookup(name, place)
        module, binding = leads.module, leads.binding
        if module is None or binding is None:
            raise self._not_callable(f'"{name}"', mark, place)
        value = self._assigned(name, leads, place)
        if value is not None:
            self._collect(value, mark, place, found)
            return
        attribute = leads.name.attribute
        marked = [
            other for other in self._callables(module) if other.facts["qualname"] == attribute
        ]
        if marked and marked[0].mark == mark:
            found.keys[self.link(marked[0])] = None
        elif marked:
            raise self._not_callable(
                f'"{attribute}" is marked with "{marked[0].mark}" and', mark, place
            )
        elif self._inside(module, attribute, mark):
            raise failure(
                "PKU559",
                f'"{attribute}" makes a "{mark}" and is none itself.',
                place,
                hint=f"Call it: {attribute}(…).",
            )
        else:
            raise self._not_callable(f'"{attribute}"', mark, place)

    def _assigned(self, name: Name, leads: Found, place: Location) -> Expression | None:
        """What is assigned to a name; None where it is bound otherwise."""
        module, binding = leads.module, leads.binding
        if module is None or binding is None or binding[0] != "=":
            return None
        try:
            return self._resolver.expression(module, binding[3], binding[1])
        except UnresolvedError as error:
            raise failure(
                error.code, f'"{name}" cannot be read: {error.message}', place, hint=error.hint
            ) from None

    def _made(self, name: Name, call: Call, mark: str, place: Location, found: Chosen) -> None:
        leads = self._lookup(name, place)
        inside = (
            [] if leads.module is None else self._inside(leads.module, leads.name.attribute, mark)
        )
        if not inside:
            raise failure(
                "PKU559",
                f'"{name.attribute}" does not define a function marked with "{mark}", so what it returns is not known.',
                place,
                hint=f'Mark the function that it returns with "@{mark}".',
            )
        for marked in inside:
            found.keys[self.link(marked)] = None
        found.calls.append(
            Call(
                leads.name,
                tuple(map(self._folded, call.arguments)),
                tuple((word, self._folded(value)) for word, value in call.keywords),
            )
        )

    def _folded(self, argument: Expression) -> Expression:
        """An argument, or its value where it is the name of a constant."""
        value = self._resolver.constant(argument)
        return (
            argument
            if value is NOT_CONSTANT or isinstance(value, list | tuple)
            else Constant(value)
        )

    def _lookup(self, name: Name, place: Location) -> Found:
        try:
            return self._installed.attribute(name.module, name.attribute)
        except UnresolvedError as error:
            raise failure(error.code, error.message, place, hint=error.hint) from None

    def _inside(self, module: Module, factory: str, mark: str) -> list[Marked]:
        prefix = f"{factory}.<locals>."
        return [
            marked
            for marked in self._callables(module)
            if marked.mark == mark and marked.facts["qualname"].startswith(prefix)
        ]

    def _callables(self, module: Module) -> list[Marked]:
        return [marked for marked in self._marks.of(module) if marked.mark in CALLABLES]

    def _not_callable(self, what: str, mark: str, place: Location) -> Exception:
        return failure(
            "PKU559",
            f'{what} is not a function marked with "{mark}".',
            place,
            hint=f'Mark it with "@{mark}", or name one that is.',
        )

    def _check_middleware(self, marked: Marked) -> None:
        facts = marked.facts
        if not facts["is_async"] or facts["is_generator"]:
            self._report.add(
                "PKU754",
                f'The middleware "{facts["name"]}" is not an async function.',
                marked.location,
                hint="Write it with async def, and await next().",
            )
        if not facts["positional"]:
            self._report.add(
                "PKU755",
                f'The middleware "{facts["name"]}" does not take "next".',
                marked.location,
                hint="Make it the first parameter: (next: Next, *, …).",
            )

    def _check_permission_data(self, marked: Marked) -> None:
        first = marked.facts["positional"][0]
        if self._parameters.is_thing(first["name"], marked.module.owner_addon):
            self._parameters.positional_services(marked, 0)
        elif first["annotation"] is None:
            self._report.add(
                "PKU709",
                f'The data parameter "{first["name"]}" of "{marked.facts["name"]}" has no type.',
                marked.module.at(first["line"]),
                hint="Annotate it with the type of the data.",
            )
