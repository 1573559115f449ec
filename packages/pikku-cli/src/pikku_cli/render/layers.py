"""What stands round a function on each way into it: where middleware and permissions come from, in the order they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.plugin.model import DeclarationModel, WiringModel
from pikku_core.select.concerns import concerns
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project
    from pikku_core.plugin.model import FunctionModel
    from pikku_core.plugin.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way into a function: a wiring, or a call by name of one that is exposed.

    Attributes:
        wiring: None for a call by name.
    """

    function: FunctionModel
    wiring: WiringModel | None = None

    @property
    def id(self) -> str:
        """The wiring's id, or `rpc:create_user`."""
        return f"rpc:{self.function.id}" if self.wiring is None else self.wiring.id

    @property
    def tags(self) -> tuple[str, ...]:
        """Those of wiring and function, each followed by those that it lies in: `a:b` by `a`."""
        return tuple(ancestry((*(self.wiring.tags if self.wiring else ()), *self.function.tags)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Something that names middleware or permissions for a way.

    Attributes:
        level: `global`, `pattern`, `tag`, `wiring` or `function`.
        of: The tag, or what a transport says of its pattern; empty for the other levels.
    """

    level: str
    source: DeclarationModel | FunctionModel
    of: str = ""

    def __str__(self) -> str:
        return f"{self.level} {self.of}".rstrip()


def ways(project: Project) -> list[Way]:
    """All wirings by kind and id, then the functions that are exposed and that no transport serves by name."""
    wirings = sorted(project.wirings, key=lambda one: (one.kind, one.id))
    wired = [
        Way(function=project.functions[one.function], wiring=one)
        for one in wirings
        if one.function in project.functions
    ]
    served = {one.function for one in wirings if one.implied}
    exposed = (one for one in project.functions.values() if one.expose and one.id not in served)
    return [*wired, *(Way(function=one) for one in exposed)]


def layers(way: Way, project: Project, registry: Registry) -> Iterator[Layer]:
    """What holds for a way, from the outside to the function itself."""
    declared = [one for one in project.declarations if not isinstance(one, WiringModel)]
    core = [one for one in declared if one.kind in {"middleware", "permissions"}]
    for declaration in core:
        if not declaration.tag:
            yield Layer(level="global", source=declaration)
    if way.wiring is not None:
        for declaration in declared:
            if declaration.kind == way.wiring.kind and concerns(
                declaration, [way.wiring], registry
            ):
                of = declaration.meta.get("pattern", declaration.id)
                yield Layer(level="pattern", source=declaration, of=str(of))
    for tag in way.tags:
        for declaration in core:
            if declaration.tag == tag:
                yield Layer(level="tag", source=declaration, of=tag)
    if way.wiring is not None:
        yield Layer(level="wiring", source=way.wiring)
    yield Layer(level="function", source=way.function)


def outer(way: Way, project: Project, registry: Registry) -> Iterator[Layer]:
    """What a transport declares to stand outside all middleware of a way: of each name that with the longest pattern."""
    nearest: dict[str, Layer] = {}
    for layer in layers(way, project, registry):
        source = layer.source
        name = str(source.meta.get("layer", "")) if isinstance(source, DeclarationModel) else ""
        if name and (name not in nearest or len(layer.of) > len(nearest[name].of)):
            nearest[name] = layer
    yield from nearest.values()


def short(key: str) -> str:
    """A callable as people call it: `has` of `app.guards:has.<locals>.has_scope`, which a factory made."""
    return key.rpartition(":")[2].partition(".<locals>")[0]
