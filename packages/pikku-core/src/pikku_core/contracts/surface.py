"""A type's shape as a flat table, small enough to be kept: `{"$": {"type": "object"}, "$.name": {"type": "string"}}`.

A row holds what its part must meet, `required` where it may not be missing, and `same_as`, the path of another part,
where it has the very same shape; the parts of that one are then not repeated. So a table is finite where the type is
not, and two types have the same table exactly if they have the same shape.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

from pikku_core.contracts.keywords import canonical
from pikku_core.contracts.paths import is_property, split_path
from pikku_core.contracts.shape import Classes, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.model import Json

Row: TypeAlias = "Mapping[str, Json]"
Surface: TypeAlias = "Mapping[str, Row]"

REQUIRED: Final = "required"
SAME_AS: Final = "same_as"
DIGITS: Final = 16


class BrokenSurfaceError(ValueError):
    """A table that no type has: a part without the whole, a path that is none."""


def surface_of(whole: Shape) -> Surface:
    """The table of a shape, sorted by path.

    Args:
        whole: What holds the type as its part `$`: it has no row unless it says something itself.
    """
    classes = Classes(whole)
    rows: dict[str, Row] = {"": whole.facts} if whole.facts else {}
    first: dict[str, str] = {}

    def visit(shape: Shape, path: str, above: frozenset[str], *, required: bool) -> None:
        mark = classes[shape]
        own: dict[str, Json] = {REQUIRED: True} if required else {}
        if mark in above or (mark in first and any(map(is_property, shape.edges))):
            rows[path] = {SAME_AS: first[mark]} | own
            return
        rows[path] = {**shape.facts, **own}
        first.setdefault(mark, path)
        for step, part, is_required in steps_of(shape, classes):
            visit(part, path + step, above | {mark}, required=is_required)

    for step, part, is_required in steps_of(whole, classes):
        visit(part, step, frozenset(), required=is_required)
    return {path: dict(sorted(rows[path].items())) for path in sorted(rows)}


def steps_of(shape: Shape, classes: Classes) -> Iterator[tuple[str, Shape, bool]]:
    """The parts of a shape in one order: the step to each, itself, and whether it is required."""
    for step in sorted(shape.edges):
        yield step, shape.edges[step], step in shape.required
    choices = {classes[choice]: choice for choice in shape.choices}
    ordered = sorted(choices, key=lambda mark: (canonical(choices[mark].facts), mark))
    for number, mark in enumerate(ordered, 1):
        yield f"|{number}", choices[mark], False


def shape_of(surface: Surface) -> Shape:
    """The shape that a table is of.

    Raises:
        BrokenSurfaceError: It is of none.
    """
    shapes: dict[str, Shape] = {"": Shape()}
    for path, row in surface.items():
        if SAME_AS not in row:
            shapes.setdefault(path, Shape())
            shapes[path].facts = {key: row[key] for key in sorted(row) if key != REQUIRED}
    for path, row in surface.items():
        if path:
            steps = _steps(path)
            above, step = shapes.get("".join(steps[:-1])), steps[-1]
            same = row.get(SAME_AS, path)
            shape = shapes.get(same) if isinstance(same, str) else None
            if above is None or shape is None:
                raise BrokenSurfaceError(f'"{path}" is a part of nothing, or the same as nothing')
            if step.startswith("|"):
                above.choices.append(shape)
            else:
                above.edges[step] = shape
            if row.get(REQUIRED):
                above.required.add(step)
    return shapes[""]


def surface_hash(surface: Surface) -> str:
    """The first hexadecimal digits of the SHA-256 of a table's canonical JSON text."""
    table: dict[str, Json] = {path: dict(row) for path, row in surface.items()}
    return sha256(canonical(table).encode()).hexdigest()[:DIGITS]


def _steps(path: str) -> list[str]:
    try:
        return split_path(path)
    except ValueError as error:
        raise BrokenSurfaceError(str(error)) from None
