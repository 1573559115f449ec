"""What `pikku info --why` is asked about, found by its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_core.select.modules import closure, modules_of
from pikku_core.select.needs import Thing, ThingKind
from pikku_core.select.problem import FilterError, nearest
from pikku_core.select.prune import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import CallableModel, FunctionModel, Project, ServiceModel
    from pikku_core.select.needs import Needs

VALUES: Final = {"secrets": "secret", "variables": "variable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing on a way: `Step(kind="function", id="create_user")`."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that a name means.

    Attributes:
        kind: `function`, `wiring`, `service`, `middleware`, `permission`, `secret`, `variable` or `module`.
        place: `file:line`, or the file of a module.
        thing: What it is among the things that need each other; None for secrets, variables and modules.
        tails: The things that lead to it directly, each with the steps that follow; that it is itself, without any.
    """

    kind: str
    id: str
    place: str
    thing: Thing | None = None
    tails: Mapping[Thing, tuple[Step, ...]] = field(default_factory=dict[Thing, tuple[Step, ...]])


def subjects(
    name: str, project: Project, needs: Needs, things: Mapping[Thing, Thing | None]
) -> list[Subject]:
    """Everything that a name means in a project.

    Args:
        things: Everything that anything in the project leads to.

    Raises:
        FilterError: Nothing has the name.
    """
    known: dict[str, list[Subject]] = {}
    for names, subject in (*_things(project, things), *_values(project, things)):
        for each in names:
            known.setdefault(each, []).append(subject)
    found = list(known.get(name, ()))
    modules = {name: name for name in project.modules}
    modules |= {file: module for module, file in project.modules.items()}
    if name in modules:
        found.append(_module(modules[name], project, needs, things))
    if not found:
        raise FilterError(
            f'Nothing in this project is called "{name}"{nearest(name, [*known, *modules])}: it may be the name of a '
            "function, wiring, service, middleware, permission, secret, variable or module."
        )
    return found


def _things(
    project: Project, things: Mapping[Thing, Thing | None]
) -> Iterator[tuple[set[str], Subject]]:
    for identity, function in project.functions.items():
        chains = {chain for chain, callee in project.rpc_names.items() if callee == identity}
        thing = Thing(ThingKind.FUNCTION, identity)
        yield {identity, function.base} | chains, _of(thing, str(function.location))
    for wiring in project.wirings:
        names = {wiring.id, wiring.id.removeprefix(f"{wiring.kind}:")}
        yield names, _of(Thing(ThingKind.WIRING, wiring.id), str(wiring.location))
    for identity, service in project.services.items():
        thing = Thing(ThingKind.SERVICE, identity)
        yield {identity}, _of(thing, str(service.location))
    for key, model in project.callables.items():
        permission = Thing(ThingKind.PERMISSION, key)
        thing = permission if permission in things else Thing(ThingKind.MIDDLEWARE, key)
        # Of one that a factory made, as `has.<locals>.has_scope`, people know the factory.
        yield (
            {key, model.qualname, *model.qualname.split(".<locals>.")},
            _of(thing, str(model.location)),
        )


def _of(thing: Thing, place: str) -> Subject:
    return Subject(kind=thing.kind, id=thing.id, place=place, thing=thing, tails={thing: ()})


def _values(
    project: Project, things: Mapping[Thing, Thing | None]
) -> Iterator[tuple[set[str], Subject]]:
    for declaration in project.declarations:
        if declaration.kind in VALUES:
            step = Step(kind=VALUES[declaration.kind], id=declaration.id)
            readers = {
                thing: (step,)
                for thing in things
                if {declaration.id, ANY} & _read(thing, project, declaration.kind)
            }
            place = str(declaration.location)
            subject = Subject(kind=step.kind, id=step.id, place=place, tails=readers)
            yield {declaration.id, str(declaration.meta["key"])}, subject


def _read(thing: Thing, project: Project, kind: str) -> set[str]:
    """The secrets or variables that a thing reads."""
    model: FunctionModel | ServiceModel | CallableModel
    match thing.kind:
        case ThingKind.FUNCTION:
            model = project.functions[thing.id]
            return set(model.variables) if kind == "variables" else set()
        case ThingKind.SERVICE:
            model = project.services[thing.id]
        case ThingKind.MIDDLEWARE | ThingKind.PERMISSION:
            model = project.callables[thing.id]
        case _:
            return set()
    return set(model.secrets if kind == "secrets" else model.variables)


def _module(
    name: str, project: Project, needs: Needs, things: Mapping[Thing, Thing | None]
) -> Subject:
    importers: dict[str, tuple[str, ...]] = {}
    for module in project.modules:
        for imported in project.imports.get(module, ()):
            importers[imported] = (*importers.get(imported, ()), module)
    leads = closure([name], importers)
    tails: dict[Thing, tuple[Step, ...]] = {}
    for thing in things:
        paths = [
            _path(module, leads) for module in modules_of(thing, project, needs) if module in leads
        ]
        if paths:
            shortest = min(paths, key=lambda path: (len(path), path))
            tails[thing] = tuple(Step(kind="module", id=module) for module in shortest)
    return Subject(kind="module", id=name, place=project.modules[name], tails=tails)


def _path(module: str, leads: Mapping[str, str]) -> list[str]:
    """The modules from one to the subject, each importing the next."""
    path = [module]
    while leads[path[-1]]:
        path.append(leads[path[-1]])
    return path
