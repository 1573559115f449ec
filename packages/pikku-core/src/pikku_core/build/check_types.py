"""A module in which every function is called with what its services really give, for a type checker to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pikku_core.codegen.functions import ANY
from pikku_core.codegen.module import header
from pikku_core.codegen.names import factory_names
from pikku_core.codegen.plan import GENERATOR
from pikku_core.codegen.scope import Scope
from pikku_core.plugin.expression import Constant, Name, Subscript, Union
from pikku_core.plugin.model import CallableKind
from pikku_core.plugin.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.declarations import Target
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import FunctionModel, Parameter, Project, ServiceModel
    from pikku_core.plugin.registry import Registry

SYNC: Final = frozenset({CallableKind.SYNC, CallableKind.SYNC_GENERATOR, CallableKind.CLASS})


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesModule:
    """The text of the module, and where in the project each of its lines comes from.

    Attributes:
        places: By line number, from 1.
    """

    text: str
    places: Mapping[int, Location]


class Checked(NamedTuple):
    """One call in the module.

    Attributes:
        positional: The types of positional arguments.
        keywords: The type of each keyword argument.
    """

    id: str
    callee: Name
    location: Location
    positional: tuple[Expression, ...]
    keywords: dict[str, Expression]


def check_types_module(project: Project, registry: Registry) -> TypesModule:
    """The module: an error of a type checker in it is a service, session or datum of the wrong type.

    A function is called with its services' provided types, a service with those of the services that it needs, and a
    permission of a function with that function's data.
    """
    providers = Providers(project, registry)
    calls = sorted(_calls(project, providers))
    names = factory_names({call.id: call.id for call in calls})
    types = [each for call in calls for each in (*call.positional, *call.keywords.values())]
    scope = Scope([*types, *(call.callee for call in calls)], taken=set(names.values()))
    lines = [
        *header(GENERATOR).splitlines(),
        '"""Calls that a type checker looks at; nothing runs them."""',
        "",
        "from __future__ import annotations",
        "",
        *"\n".join(scope.imports).splitlines(),
    ]
    places: dict[int, Location] = {}
    for call in calls:
        given = [*call.positional, *call.keywords.values()]
        typed = [f"_{number}: {spell(type_, scope)}" for number, type_ in enumerate(given)]
        starts = [*("" for _ in call.positional), *(f"{name}=" for name in call.keywords)]
        passed = [f"{start}_{number}" for number, start in enumerate(starts)]
        lines += ["", "", f"def {names[call.id]}({', '.join(typed)}) -> object:"]
        lines.append(f"    return {scope(call.callee)}({', '.join(passed)})")
        places[len(lines)] = places[len(lines) - 1] = call.location
    return TypesModule(text="\n".join(lines) + "\n", places=places)


class Providers:
    """The types of what is injected."""

    def __init__(self, project: Project, registry: Registry) -> None:
        self._services = project.services
        self._session: Expression = project.session or ANY
        self._things = registry.wire_parameters
        self._plugins = {name: _name(one.factory) for name, one in registry.services.items()}

    def types(
        self, parameters: tuple[Parameter, ...], kind: CallableKind, *, needs_session: bool
    ) -> dict[str, Expression]:
        """The type that each keyword-only parameter is given."""
        return {
            parameter.name: self._type(parameter, kind, needs_session=needs_session)
            for parameter in parameters
        }

    def _is_thing(self, service: ServiceModel) -> bool:
        """Whether it is a plugin's that stands behind a wire thing, whose types are the ones to go by."""
        return service.id in self._things and self._plugins.get(service.id) == service.origin

    def _type(self, parameter: Parameter, kind: CallableKind, *, needs_session: bool) -> Expression:
        service = self._services.get(parameter.provider)
        if service is not None and not self._is_thing(service):
            return service.provides or ANY
        if parameter.provider == "session":
            may_be_none = parameter.optional and not needs_session
            return Union(self._session, Constant(None)) if may_be_none else self._session
        thing = self._things.get(parameter.provider)
        if thing is None:
            return ANY
        blocking = thing.sync_type if kind in SYNC else None
        type_ = _name(blocking or thing.type)
        return Subscript(type_, self._session) if parameter.provider == "sessions" else type_


def _calls(project: Project, providers: Providers) -> Iterator[Checked]:
    for function in project.functions.values():
        yield Checked(
            f"function {function.id}",
            function.origin,
            function.location,
            _data(function),
            providers.types(
                function.parameters, function.kind, needs_session=function.needs_session
            ),
        )
        yield from _permissions(project, providers, function)
    for service in project.services.values():
        yield Checked(
            f"service {service.id}",
            service.origin,
            service.location,
            (),
            providers.types(service.parameters, service.kind, needs_session=False),
        )


def _permissions(
    project: Project, providers: Providers, function: FunctionModel
) -> Iterator[Checked]:
    for key in function.permissions:
        model = project.callables.get(key)
        if model is not None and not model.factory:
            yield Checked(
                f"permission {key} of {function.id}",
                model.origin,
                function.location,
                _data(function) if model.data is not None else (),
                providers.types(model.parameters, model.kind, needs_session=function.needs_session),
            )


def _data(function: FunctionModel) -> tuple[Expression, ...]:
    return () if function.data is None else (function.data,)


def _name(target: Target) -> Name:
    module, _, attribute = target.partition(":")
    return Name(module, attribute)
