"""Wire things: whether every way into a function gives what the function, and all that runs with it, asks for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pikku_core.plugin.model import CallableKind, FunctionModel, WiringModel
from pikku_core.scan.checks.services import is_wire_thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import (
        CallableModel,
        DeclarationModel,
        Parameter,
        Project,
        ServiceModel,
    )
    from pikku_core.scan.link import Linker
    from pikku_core.scan.marks import Marked


def check_things(project: Project, linker: Linker) -> None:
    """Reports wire things that a wiring or a call by name does not give, sessions that may be missing, and generators wired to a kind without streams."""
    check = _Check(project, linker)
    for wiring in project.wirings:
        check.stream(wiring)
    if check.asked():
        check.all_ways()
    for id_ in project.functions:
        check.session(project.functions[id_])
    check.middleware_sessions()


class _Way(NamedTuple):
    """A way into a function: a wiring, or a call by name of one that is exposed.

    Attributes:
        kind: `rpc` for a call by name: it may come over any transport, and so gives no wire thing for certain.
        gives: The wire things that are there; None where that is not known.
        wiring: None for a call by name.
    """

    kind: str
    function: FunctionModel
    gives: Collection[str] | None
    wiring: WiringModel | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (*(self.wiring.tags if self.wiring else ()), *self.function.tags)

    @property
    def location(self) -> Location:
        return self.wiring.location if self.wiring else self.function.location

    def __str__(self) -> str:
        """The subject of a sentence."""
        if self.wiring:
            return f'the wiring "{self.wiring.id}"'
        return f'a call of "{self.function.id}" by its name (expose=True)'


class _Check:
    def __init__(self, project: Project, linker: Linker) -> None:
        self.project = project
        self.linker = linker
        self.kinds = linker.registry.wiring_kinds
        services = project.services.values()
        self.given = linker.providers.wire_things.keys() - project.services.keys()
        self.of_calls = {service.id for service in services if service.scope == "call"}

    @cached_property
    def ways(self) -> list[_Way]:
        functions = self.project.functions.values()
        by_name = [_Way("rpc", function, ()) for function in functions if function.expose]
        return [*map(self.wired, self.project.wirings), *by_name]

    def wired(self, wiring: WiringModel) -> _Way:
        function, kind = self.project.functions[wiring.function], self.kinds.get(wiring.kind)
        return _Way(wiring.kind, function, None if kind is None else kind.gives, wiring)

    def asked(self) -> bool:
        """Whether anything needs a wire thing that a way in may not give."""
        project = self.project
        models: list[FunctionModel | ServiceModel | CallableModel] = [
            *project.functions.values(),
            *project.services.values(),
            *project.callables.values(),
        ]
        needed = {one.provider for model in models for one in model.parameters if not one.optional}
        return not needed.isdisjoint(self.given)

    def all_ways(self) -> None:
        for id_, ways in self.reached().items():
            self.function(self.project.functions[id_], ways)
        for wiring in self.project.wirings:
            if used := [*wiring.middleware, *wiring.permissions]:
                self.callables(used, [self.wired(wiring)])
        for declaration in self.project.declarations:
            self.declaration(declaration)

    def reached(self) -> dict[str, list[_Way]]:
        """A way of each kind that leads to each function, directly or through `rpc`."""
        found: dict[str, dict[str, _Way]] = {}
        pending = [(way.function.id, way) for way in reversed(self.ways)]
        while pending:
            id_, way = pending.pop()
            kinds = found.setdefault(id_, {})
            if way.kind not in kinds:
                kinds[way.kind] = way
                pending += [(callee, way) for callee in self.project.functions[id_].rpc]
        return {
            id_: [kinds[kind] for kind in sorted(kinds)] for id_, kinds in sorted(found.items())
        }

    def stream(self, wiring: WiringModel) -> None:
        kind = self.kinds.get(wiring.kind)
        if kind is None or kind.streams:
            return
        function = self.project.functions[wiring.function]
        if function.kind in {CallableKind.ASYNC_GENERATOR, CallableKind.SYNC_GENERATOR}:
            self.linker.report.add(
                "PKU708",
                f'"{function.id}" yields its result, and "{wiring.kind}" does not stream.',
                wiring.location,
                hint="Return a list, or wire it to a kind that streams.",
                related=[function.location],
            )

    def function(self, function: FunctionModel, ways: Collection[_Way]) -> None:
        marked = self.linker.functions.marked(function.id)
        self.parameters(function.id, function.parameters, marked, ways)
        for id_ in self.call_services(function.parameters):
            service, marked = self.project.services[id_], self.linker.services.marked(id_)
            self.parameters(id_, service.parameters, marked, ways)
        self.callables([*function.middleware, *function.permissions], ways)

    def callables(self, keys: Iterable[str], ways: Collection[_Way]) -> None:
        for key in keys:
            model, marked = self.project.callables[key], self.linker.callables.marked[key]
            self.parameters(model.qualname, model.parameters, marked, ways)

    def declaration(self, declaration: DeclarationModel) -> None:
        """Checks what a declaration puts round functions: all, those of a tag, or those of its own kind."""
        if isinstance(declaration, WiringModel):
            return
        keys = [*declaration.middleware, *declaration.permissions]
        if keys:
            self.callables(keys, self.covered(declaration))

    def covered(self, declaration: DeclarationModel) -> list[_Way]:
        """One way of each kind that a declaration covers."""
        everywhere = declaration.kind in {"middleware", "permissions"}
        kinds = [*self.kinds, "rpc"] if everywhere else [declaration.kind]
        found = [self.first(kind, declaration.tag) for kind in kinds]
        return [way for way in found if way is not None]

    def first(self, kind: str, tag: str) -> _Way | None:
        """The first way of a kind that carries a tag; an empty tag is every way's."""
        for way in self.ways:
            if way.kind == kind and (not tag or any(_below(other, tag) for other in way.tags)):
                return way
        return None

    def parameters(
        self, name: str, parameters: Iterable[Parameter], marked: Marked, ways: Collection[_Way]
    ) -> None:
        for parameter in parameters:
            provider = parameter.provider
            if provider not in self.given or parameter.optional:
                continue
            for way in ways:
                if way.gives is not None and provider not in way.gives:
                    self.linker.report.add(
                        "PKU750",
                        f'"{name}" asks for "{parameter.name}", which {way} does not give.',
                        marked.place(parameter.name),
                        hint=f'Give it a default: "{parameter.name}: … | None = None".',
                        related=[way.location],
                    )

    def call_services(self, parameters: Iterable[Parameter]) -> list[str]:
        """The call services that parameters need, those of those services included, sorted."""
        found: set[str] = set()
        pending = [each.provider for each in parameters if each.provider in self.of_calls]
        while pending:
            id_ = pending.pop()
            if id_ not in found:
                found.add(id_)
                needed = self.project.services[id_].parameters
                pending += [each.provider for each in needed if each.provider in self.of_calls]
        return sorted(found)

    def session(self, function: FunctionModel) -> None:
        """Reports a function without a session that needs one, itself or through a call service."""
        if function.needs_session:
            return
        marked = self.linker.functions.marked(function.id)
        for parameter in function.parameters:
            if _needs_session(parameter):
                self.no_session(function.id, marked.place(parameter.name), [])
        for id_ in self.call_services(function.parameters):
            service = self.project.services[id_]
            place = self.linker.services.marked(id_)
            for parameter in service.parameters:
                if _needs_session(parameter):
                    self.no_session(id_, place.place(parameter.name), [function.location])

    def no_session(self, name: str, place: Location, related: list[Location]) -> None:
        who = (
            f'"{name}", which runs without a session,'
            if not related
            else f'The service "{name}", which a function without a session uses,'
        )
        self.linker.report.add(
            "PKU751",
            f'{who} asks for "session" as if there always were one.',
            place,
            hint='Give it a default ("session: Session | None = None"), or mark the function with "pikku_func".',
            related=related,
        )

    def middleware_sessions(self) -> None:
        """Middleware runs before the session is settled."""
        for key, model in self.project.callables.items():
            marked = self.linker.callables.marked[key]
            if marked.mark != "pikku_middleware":
                continue
            for parameter in model.parameters:
                if parameter.provider == "session" and is_wire_thing(parameter, self.linker):
                    self.linker.report.add(
                        "PKU751",
                        f'The middleware "{model.qualname}" asks for "session", which is settled only after it.',
                        marked.place(parameter.name),
                        hint='Ask for "sessions", and read "sessions.current".',
                    )


def _needs_session(parameter: Parameter) -> bool:
    return parameter.provider == "session" and not parameter.optional


def _below(tag: str, of: str) -> bool:
    return tag == of or tag.startswith(f"{of}:")
