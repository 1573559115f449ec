"""Wire things: whether every wiring of a function gives what the function, and all that runs with it, asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.model import CallableKind, FunctionModel, WiringModel
from pikku_core.scan.checks.services import is_wire_thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import DeclarationModel, Parameter, Project
    from pikku_core.scan.link import Linker
    from pikku_core.scan.marks import Marked


def check_things(project: Project, linker: Linker) -> None:
    """Reports wire things that a wiring does not give, sessions that may be missing, and generators wired to a kind without streams."""
    check = _Check(project, linker)
    for wiring in project.wirings:
        check.stream(wiring)
    for id_, wirings in check.reached().items():
        check.function(project.functions[id_], wirings)
    for wiring in project.wirings:
        check.callables([*wiring.middleware, *wiring.permissions], [wiring])
    for declaration in project.declarations:
        check.declaration(declaration)
    for id_ in project.functions:
        check.session(project.functions[id_])
    check.middleware_sessions()


class _Check:
    def __init__(self, project: Project, linker: Linker) -> None:
        self.project = project
        self.linker = linker
        self.kinds = linker.registry.wiring_kinds

    def reached(self) -> dict[str, list[WiringModel]]:
        """A wiring of each kind that leads to each function, directly or through `rpc`."""
        found: dict[str, dict[str, WiringModel]] = {}
        pending: list[tuple[str, WiringModel]] = [
            (wiring.function, wiring) for wiring in reversed(self.project.wirings)
        ]
        while pending:
            id_, wiring = pending.pop()
            kinds = found.setdefault(id_, {})
            if wiring.kind not in kinds:
                kinds[wiring.kind] = wiring
                pending += [(callee, wiring) for callee in self.project.functions[id_].rpc]
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

    def function(self, function: FunctionModel, wirings: Iterable[WiringModel]) -> None:
        marked = self.linker.functions.marked(function.id)
        for wiring in wirings:
            self.parameters(function.id, function.parameters, marked, wiring)
            for service in self.call_services(function.parameters):
                model = self.project.services[service]
                self.parameters(
                    service, model.parameters, self.linker.services.marked(service), wiring
                )
        self.callables([*function.middleware, *function.permissions], wirings)

    def callables(self, keys: Iterable[str], wirings: Iterable[WiringModel]) -> None:
        for key in keys:
            model, marked = self.project.callables[key], self.linker.callables.marked[key]
            for wiring in wirings:
                self.parameters(model.qualname, model.parameters, marked, wiring)

    def declaration(self, declaration: DeclarationModel) -> None:
        """Checks what a declaration puts round wirings: all, those of a tag, or those of its own kind."""
        if isinstance(declaration, WiringModel):
            return
        keys = [*declaration.middleware, *declaration.permissions]
        if keys:
            self.callables(keys, self.covered(declaration))

    def covered(self, declaration: DeclarationModel) -> list[WiringModel]:
        """One wiring of each kind that a declaration covers."""
        everywhere = declaration.kind in {"middleware", "permissions"}
        kinds = self.kinds if everywhere else [declaration.kind]
        found = [self.first(kind, declaration.tag) for kind in kinds]
        return [wiring for wiring in found if wiring is not None]

    def first(self, kind: str, tag: str) -> WiringModel | None:
        """The first wiring of a kind that carries a tag, or its function does; an empty tag is every wiring's."""
        for wiring in self.project.wirings:
            if wiring.kind != kind:
                continue
            tags = (*wiring.tags, *self.project.functions[wiring.function].tags) if tag else ()
            if not tag or any(_below(other, tag) for other in tags):
                return wiring
        return None

    def parameters(
        self, name: str, parameters: Iterable[Parameter], marked: Marked, wiring: WiringModel
    ) -> None:
        kind = self.kinds.get(wiring.kind)
        if kind is None:
            return
        for parameter in parameters:
            provider = parameter.provider
            plugin = provider in self.linker.providers.wire_things
            if parameter.optional or not plugin or provider in self.project.services:
                continue
            if provider not in kind.gives:
                self.linker.report.add(
                    "PKU750",
                    f'"{name}" asks for "{parameter.name}", which the wiring "{wiring.id}" does not give.',
                    marked.place(parameter.name),
                    hint=f'Give it a default: "{parameter.name}: … | None = None".',
                    related=[wiring.location],
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
