"""A shape of several types as a choice of one for each, to be compared with what is written as a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pikku_core.contracts.keywords import CONCERNED, type_of
from pikku_core.contracts.paths import is_item
from pikku_core.contracts.shape import Shape, nodes
from pikku_core.contracts.wording import types_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_core.plugin.model import Json


class Alternatives:
    """The choices that shapes of several types are as well: `integer or null` is `integer` or `null`.

    Args:
        roots: Shapes; what they lead to is known too.
    """

    def __init__(self, *roots: Shape) -> None:
        shapes = nodes(roots)
        is_asked = any(shape.choices for shape in shapes)
        self._known = {
            id(shape): list(_by_type(shape))
            for shape in shapes
            if is_asked and not shape.choices and len(types_in(shape)) > 1 and not _is_whole(shape)
        }

    @property
    def shapes(self) -> Iterable[Shape]:
        """Those that were made."""
        return (part for parts in self._known.values() for part in parts)

    def of(self, shape: Shape) -> list[Shape]:
        """The choices of a shape, each of one type; itself where there is but one."""
        return [
            part
            for choice in shape.choices or [shape]
            for part in self._known.get(id(choice), [choice])
        ]


def _by_type(shape: Shape) -> Iterator[Shape]:
    for name in sorted(types_in(shape)):
        facts: dict[str, Json] = {
            key: value for key, value in shape.facts.items() if _concerns(key, name)
        }
        if "enum" in shape.facts and name != "null":
            values = cast("list[Json]", shape.facts["enum"])
            facts["enum"] = [value for value in values if type_of(value) == name]
        edges = {step: part for step, part in shape.edges.items() if _leads_from(name, step)}
        yield Shape(
            facts=dict(sorted({**facts, "type": name}.items())),
            edges=edges,
            required=shape.required & edges.keys(),
        )


def _is_whole(shape: Shape) -> bool:
    """Whether a shape has parts that are about values of all types."""
    return any(step.startswith(("&", "<")) for step in shape.edges)


def _leads_from(name: str, step: str) -> bool:
    """Whether values of a type have what a step leads to."""
    return name == ("array" if is_item(step) else "object")


def _concerns(keyword: str, name: str) -> bool:
    """Whether a constraint is about values of a type."""
    return keyword in CONCERNED.get("number" if name == "integer" else name, ())
