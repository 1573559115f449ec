"""What needs what in a project: the edges along which tree-shaking keeps things."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pikku_core.plugin.model import WiringModel
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pikku_core.plugin.model import (
        CallableModel,
        DeclarationModel,
        FunctionModel,
        Parameter,
        Project,
        ServiceModel,
    )


class ThingKind(StrEnum):
    """What can be needed, and what needs."""

    WIRING = "wiring"
    FUNCTION = "function"
    DECLARATION = "declaration"
    MIDDLEWARE = "middleware"
    PERMISSION = "permission"
    SERVICE = "service"


class Thing(NamedTuple):
    """One node: a function by its id, middleware and permissions by their keys."""

    kind: ThingKind
    id: str


class Needs:
    """The edges of a project.

    Attributes:
        declarations: The declarations that name no function, by the thing that each is.
        universal: Middleware and permissions that are declared for every function.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._wirings = {wiring.id: wiring for wiring in project.wirings}
        self.declarations: Mapping[Thing, DeclarationModel] = {
            Thing(ThingKind.DECLARATION, f"{each.kind} {each.id}"): each
            for each in project.declarations
            if not isinstance(each, WiringModel)
        }
        self._tagged: dict[str, list[Thing]] = defaultdict(list)
        self.universal: list[Thing] = []
        for thing, declaration in self.declarations.items():
            if declaration.tag:
                self._tagged[declaration.tag].append(thing)
            elif declaration.kind in {"middleware", "permissions"}:
                self.universal.append(thing)

    def of(self, thing: Thing) -> Iterator[Thing]:
        """What a thing itself needs; a wiring's function, and what is declared for its tags, among that."""
        project, identity = self._project, thing.id
        match thing.kind:
            case ThingKind.WIRING:
                wiring = self._wirings[identity]
                yield Thing(ThingKind.FUNCTION, wiring.function)
                yield from self._named(wiring)
                yield from self.tagged(wiring.tags)
            case ThingKind.FUNCTION:
                function = project.functions[identity]
                yield from self._services(function.parameters)
                yield from self._named(function)
                yield from self._called(function)
                yield from self.tagged(function.tags)
            case ThingKind.SERVICE:
                service = project.services[identity]
                yield from self._services(service.parameters)
                yield from self._called(service)
            case ThingKind.DECLARATION:
                yield from self._named(self.declarations[thing])
            case ThingKind.MIDDLEWARE | ThingKind.PERMISSION:
                model = project.callables[identity]
                yield from self._services(model.parameters)
                yield from self._called(model)

    def declaration(self, thing: Thing) -> DeclarationModel:
        """The wiring or declaration that a thing is."""
        wiring = self._wirings.get(thing.id) if thing.kind is ThingKind.WIRING else None
        return self.declarations[thing] if wiring is None else wiring

    def tagged(self, tags: tuple[str, ...]) -> Iterator[Thing]:
        """What is declared for some tags, or for one above them."""
        for tag in ancestry(tags):
            yield from self._tagged.get(tag, ())

    def _services(self, parameters: Iterable[Parameter]) -> Iterator[Thing]:
        for parameter in parameters:
            if parameter.provider in self._project.services:
                yield Thing(ThingKind.SERVICE, parameter.provider)

    def _named(self, owner: FunctionModel | DeclarationModel) -> Iterator[Thing]:
        # Those of libraries have no model: nobody knows what they need.
        for kind, keys in (
            (ThingKind.MIDDLEWARE, owner.middleware),
            (ThingKind.PERMISSION, owner.permissions),
        ):
            yield from (Thing(kind, key) for key in keys if key in self._project.callables)

    def _called(self, caller: FunctionModel | CallableModel | ServiceModel) -> Iterator[Thing]:
        for identity in caller.rpc:
            if identity in self._project.functions:
                yield Thing(ThingKind.FUNCTION, identity)


def reach(
    needs: Needs, roots: Iterable[Thing], *, without: frozenset[ThingKind] = frozenset()
) -> dict[Thing, Thing | None]:
    """Everything that some things need, directly or not, themselves included: each with what led to it first.

    Args:
        without: Kinds of things that are not followed into, nor counted.
    """
    came_from: dict[Thing, Thing | None] = dict.fromkeys(roots)
    pending = list(came_from)
    for thing in pending:
        for needed in needs.of(thing):
            if needed not in came_from and needed.kind not in without:
                came_from[needed] = thing
                pending.append(needed)
    return came_from
