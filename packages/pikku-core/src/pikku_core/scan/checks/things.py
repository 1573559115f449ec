"""Wire things: whether every way into a function gives what the function, and all that runs with it, asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.plugin.model import CallableKind, FunctionModel, WiringModel
from pikku_core.scan.checks.services import is_wire_thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import DeclarationModel, Parameter, Project
    from pikku_core.scan.link import Linker
    from pikku_core.scan.marks import Marked


def check_things(project: Project, linker: Linker) -> None:
    """Reports wire things that a wiring or a call by name does not give, sessions that may be missing, and generators wired to a kind without streams."""
    check = _Check(project, linker)
    for wiring in project.wirings:
        check.stream(wiring)
    for id_, wirings in check.reached().items():
        check.function(project.functions[id_], wirings)
    for wiring in project.wirings:
        if used := [*wiring.middleware, *wiring.permissions]:
            check.callables(used, [check.wired(wiring)])
    for declaration in project.declarations:
        check.declaration(declaration)
    for id_ in project.functions:
        check.session(project.functions[id_])
    check.middleware_sessions()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A way into a function: a wiring, or a call by name of one that is exposed.

    Attributes:
        kind: `rpc` for a call by name: it may come over any transport, and so gives no wire thing for certain.
        gives: The wire things that are there; None where that is not known.
        what: The subject of a sentence.
    """

    kind: str
    function: FunctionModel
    tags: tuple[str, ...]
    gives: Collection[str] | None
    what: str
    location: Location


class _Check:
    def __init__(self, project: Project, linker: Linker) -> None:
        self.project = project
        self.linker = linker
        self.kinds = linker.registry.wiring_kinds
        self.ways = [*map(self.wired, project.wirings), *self.by_name()]

    def wired(self, wiring: WiringModel) -> _Way:
        function, kind = self.project.functions[wiring.function], self.kinds.get(wiring.kind)
        return _Way(
            kind=wiring.kind,
            function=function,
            tags=(*wiring.tags, *function.tags),
            gives=None if kind is None else kind.gives,
            what=f'the wiring "{wiring.id}"',
            location=wiring.location,
        )

    def by_name(self) -> Iterator[_Way]:
        for function in self.project.functions.values():
            if function.expose:
                yield _Way(
                    kind="rpc",
                    function=function,
                    tags=function.tags,
                    gives=(),
                    what=f'a call of "{function.id}" by its name (expose=True)',
                    location=function.location,
                )

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
        function = self.project.functions[wiring.function]
        generator = function.kind in {CallableKind.ASYNC_GENERATOR, CallableKind.SYNC_GENERATOR}
        kind = self.kinds.get(wiring.kind)
        if generator and kind is not None and not kind.streams:
            self.linker.report.add(
                "PKU708",
                f'"{function.id}" yields its result, and "{wiring.kind}" does not stream.',
                wiring.location,
                hint="Return a list, or wire it to a kind that streams.",
                related=[function.location],
            )

    def function(self, function: FunctionModel, ways: Iterable[_Way]) -> None:
        marked = self.linker.functions.marked(function.id)
        for way in ways:
            self.parameters(function.id, function.parameters, marked, way)
            for service in self.call_services(function.parameters):
                model = self.project.services[service]
                self.parameters(
                    service, model.parameters, self.linker.services.marked(service), way
                )
        self.callables([*function.middleware, *function.permissions], ways)

    def callables(self, keys: Iterable[str], ways: Iterable[_Way]) -> None:
        for key in keys:
            model, marked = self.project.callables[key], self.linker.callables.marked[key]
            for way in ways:
                self.parameters(model.qualname, model.parameters, marked, way)

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
        self, name: str, parameters: Iterable[Parameter], marked: Marked, way: _Way
    ) -> None:
        for parameter in parameters:
            provider = parameter.provider
            plugin = provider in self.linker.providers.wire_things
            if parameter.optional or not plugin or provider in self.project.services:
                continue
            if way.gives is not None and provider not in way.gives:
                self.linker.report.add(
                    "PKU750",
                    f'"{name}" asks for "{parameter.name}", which {way.what} does not give.',
                    marked.place(parameter.name),
                    hint=f'Give it a default: "{parameter.name}: … | None = None".',
                    related=[way.location],
                )

    def call_services(self, parameters: Iterable[Parameter]) -> Iterator[str]:
        """The call services that parameters need, those of those services included."""
        seen: set[str] = set()
        pending = list(parameters)
        while pending:
            provider = self.project.services.get(pending.pop().provider)
            if provider is not None and provider.scope == "call" and provider.id not in seen:
                seen.add(provider.id)
                pending += provider.parameters
                yield provider.id

    def session(self, function: FunctionModel) -> None:
        """Reports a function without a session that needs one, itself or through a call service."""
        if function.needs_session:
            return
        marked = self.linker.functions.marked(function.id)
        for parameter in function.parameters:
            if _needs_session(parameter):
                self.no_session(function.id, marked.place(parameter.name), [])
        for id_ in sorted(self.call_services(function.parameters)):
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
