"""Lifetimes of services: no circles, and nothing that lives long needs what lives shortly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.parameters import CALL_THINGS, PROCESS_THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import CallableModel, Parameter, Project, ServiceModel
    from pikku_core.scan.link import Linker


def check_services(project: Project, linker: Linker) -> None:
    """Reports circles, singletons that need a call service or a wire thing, and middleware and permissions that do."""
    _check_circles(project.services, linker)
    for service in project.services.values():
        if service.scope == "singleton" and service.id != "config":
            _check_singleton(service, project, linker)
    for key, callable_ in project.callables.items():
        _check_callable(key, callable_, project, linker)


def _check_singleton(service: ServiceModel, project: Project, linker: Linker) -> None:
    for parameter in service.parameters:
        place = linker.services.marked(service.id).place(parameter.name)
        provider = project.services.get(parameter.provider)
        if provider is not None and provider.scope == "call":
            linker.report.add(
                "PKU734",
                f'The singleton "{service.id}" asks for "{provider.id}", which lives as long as one invocation.',
                place,
                hint=f'Give "{service.id}" the scope "call", or ask for a singleton.',
                related=[provider.location],
            )
        elif provider is None and is_wire_thing(parameter, linker):
            linker.report.add(
                "PKU753",
                f'The singleton "{service.id}" asks for "{parameter.name}", which only an invocation has.',
                place,
                hint='Give it the scope "call", or let the functions pass what it needs.',
            )


def _check_callable(key: str, callable_: CallableModel, project: Project, linker: Linker) -> None:
    for parameter in callable_.parameters:
        provider = project.services.get(parameter.provider)
        if provider is not None and provider.scope == "call":
            what = (
                "middleware"
                if linker.callables.marked[key].mark == "pikku_middleware"
                else "permission"
            )
            linker.report.add(
                "PKU735",
                f'The {what} "{callable_.qualname}" asks for "{provider.id}", which is made after it has run.',
                linker.callables.marked[key].place(parameter.name),
                hint="Ask for a singleton service instead.",
                related=[provider.location],
            )


def is_wire_thing(parameter: Parameter, linker: Linker) -> bool:
    """Whether a parameter that no service provides asks for something of an invocation."""
    provider = parameter.provider
    return provider not in PROCESS_THINGS and (
        provider in CALL_THINGS or provider in linker.providers.wire_things
    )


def _check_circles(services: Mapping[str, ServiceModel], linker: Linker) -> None:
    done: set[str] = set()
    for start in sorted(services):
        if start in done:
            continue
        for circle in _circles(start, services, done):
            chain = " -> ".join(f'"{id_}"' for id_ in circle)
            linker.report.add(
                "PKU733",
                f"Services need each other in a circle: {chain}.",
                services[circle[0]].location,
                hint="Take what they share into a service of its own.",
                related=[services[id_].location for id_ in circle[1:-1]],
            )


def _circles(
    start: str, services: Mapping[str, ServiceModel], done: set[str]
) -> Iterator[list[str]]:
    """The circles that a depth-first walk closes, each from its first member by name to itself."""
    path: list[str] = []
    pending: list[tuple[str, bool]] = [(start, False)]
    while pending:
        id_, leaving = pending.pop()
        if leaving:
            path.pop()
            done.add(id_)
        elif id_ in path:
            circle = path[path.index(id_) :]
            first = circle.index(min(circle))
            yield [*circle[first:], *circle[:first], circle[first]]
        elif id_ not in done:
            path.append(id_)
            pending.append((id_, True))
            needed = {parameter.provider for parameter in services[id_].parameters}
            pending += [
                (other, False) for other in sorted(needed, reverse=True) if other in services
            ]
