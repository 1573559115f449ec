"""A project without what is not needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from pikku_core.plugin.model import WiringModel
from pikku_core.select.concerns import concerns
from pikku_core.select.needs import ThingKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from pikku_core.plugin.model import (
        CallableModel,
        DeclarationModel,
        FunctionModel,
        Project,
        ServiceModel,
    )
    from pikku_core.plugin.registry import Registry
    from pikku_core.select.needs import Needs, Thing

T = TypeVar("T")

NEEDED: Final = frozenset({"addon", "secrets", "variables"})
"""Kinds whose declarations stay where something that is kept uses them."""

ANY: Final = "*"
"""In place of the name of a secret or variable: any of them."""


def concerned(
    needs: Needs, project: Project, wirings: Sequence[WiringModel], registry: Registry
) -> list[Thing]:
    """The declarations that stay with some wirings, beside those for tags, which what is tagged leads to."""
    had = {wiring.kind for wiring in project.wirings}
    left: dict[str, list[WiringModel]] = {}
    for wiring in wirings:
        left.setdefault(wiring.kind, []).append(wiring)
    return [
        thing
        for thing, declaration in needs.declarations.items()
        if not declaration.tag
        and declaration.kind not in NEEDED
        # What is declared for all functions has no wirings of its kind to lose.
        and (
            declaration.kind not in had
            or concerns(declaration, left.get(declaration.kind, []), registry)
        )
    ]


def prune(project: Project, needs: Needs, reached: Mapping[Thing, Thing | None]) -> Project:
    """The project with nothing but what was reached. What was read of its modules stays: it is of the source."""
    ids: dict[ThingKind, set[str]] = {kind: set() for kind in ThingKind}
    for thing in reached:
        ids[thing.kind].add(thing.id)
    functions = _only(project.functions, ids[ThingKind.FUNCTION])
    services = _only(project.services, ids[ThingKind.SERVICE])
    callables = _only(project.callables, ids[ThingKind.MIDDLEWARE] | ids[ThingKind.PERMISSION])
    things = {id(each): thing for thing, each in needs.declarations.items()}
    declared = {
        name
        for each in project.declarations
        if each.variables and things.get(id(each)) in reached
        for name in each.variables
    }
    values = _values(project, functions, callables, services, declared)
    owners = {each.addon for each in functions.values()}
    owners |= {each.addon for each in services.values()}
    addons = _only(project.addons, owners | {name.partition(":")[0] for _, name in values})

    def stays(declaration: DeclarationModel) -> bool:
        if isinstance(declaration, WiringModel):
            return declaration.id in ids[ThingKind.WIRING]
        if declaration.kind == "addon":
            return str(declaration.meta["name"]) in addons
        if declaration.kind in NEEDED:
            return (declaration.kind, declaration.id) in values
        if declaration.service and declaration.service not in services:
            return False
        return things[id(declaration)] in reached

    return replace(
        project,
        functions=functions,
        services=services,
        callables=callables,
        addons=addons,
        wirings=tuple(each for each in project.wirings if stays(each)),
        declarations=tuple(each for each in project.declarations if stays(each)),
        rpc_names={
            chain: identity
            for chain, identity in project.rpc_names.items()
            if identity in functions
        },
    )


def _only(things: Mapping[str, T], ids: Container[str]) -> dict[str, T]:
    return {identity: things[identity] for identity in things if identity in ids}


def _values(
    project: Project,
    functions: Mapping[str, FunctionModel],
    callables: Mapping[str, CallableModel],
    services: Mapping[str, ServiceModel],
    declared: Iterable[str],
) -> set[tuple[str, str]]:
    """The secrets and variables that something reads: kind and id of each.

    Args:
        declared: The variables that declarations take values from.
    """
    owners: list[CallableModel | ServiceModel] = [*callables.values(), *services.values()]
    readers: list[FunctionModel | CallableModel | ServiceModel] = [*functions.values(), *owners]
    read = {
        "secrets": {name for owner in owners for name in owner.secrets},
        "variables": {name for reader in readers for name in reader.variables} | {*declared},
    }
    return {
        (each.kind, each.id)
        for each in project.declarations
        if each.kind in read and {each.id, ANY} & read[each.kind]
    }
