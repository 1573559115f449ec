"""The contracts of a project's functions: what each takes and gives, version by version."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_core.contracts.change import Direction
from pikku_core.contracts.difference import STREAM, differences
from pikku_core.contracts.paths import ROOT
from pikku_core.contracts.reading import read_shape
from pikku_core.contracts.shape import Shape
from pikku_core.contracts.surface import Surface, shape_of, surface_hash, surface_of
from pikku_core.plugin.expression import Constant
from pikku_core.plugin.model import CallableKind
from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.contracts.change import Change
    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import FunctionModel, Json, Project

_NONE: Final = Constant(None)
_STREAMS: Final = frozenset({CallableKind.SYNC_GENERATOR, CallableKind.ASYNC_GENERATOR})
_UNTYPED: Final = {Direction.INPUT: "data", Direction.OUTPUT: "result"}
_MODULES: Final = re.compile(r"\b(?:\w+\.)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one version of a function takes and gives: types only, whoever may call it and however it is wired.

    Attributes:
        input, output: The types as tables; empty where there is no data, or no result.
        labels: The types' names, for people.
    """

    input: Surface
    output: Surface
    labels: Mapping[Direction, str] = field(default_factory=dict["Direction", str], compare=False)

    def surface(self, direction: Direction) -> Surface:
        """The table of one direction."""
        return self.input if direction is Direction.INPUT else self.output

    def hash(self, direction: Direction) -> str:
        """The hash of one direction's table."""
        return surface_hash(self.surface(direction))

    def changes_since(self, old: Contract) -> tuple[Change, ...]:
        """What is different from an older contract: input first, each by path."""
        return tuple(
            change
            for direction in Direction
            if old.hash(direction) != self.hash(direction)
            for change in differences(
                shape_of(old.surface(direction)),
                shape_of(self.surface(direction)),
                direction=direction,
                label=self.labels.get(direction) or _UNTYPED[direction],
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A function of the project in all its versions; one that states none counts as version 1.

    Attributes:
        base: The id without a version.
        functions, contracts: By version, ascending.
    """

    base: str
    functions: Mapping[int, FunctionModel]
    contracts: Mapping[int, Contract]


def versions_of(project: Project) -> dict[str, Versions]:
    """The project's own functions by base, sorted; an addon's are its author's to keep.

    Args:
        project: With types.
    """
    found: dict[str, dict[int, FunctionModel]] = {}
    for function in project.functions.values():
        if not function.addon:
            found.setdefault(function.base, {})[function.version or 1] = function
    return {
        base: Versions(
            base=base,
            functions=dict(sorted(found[base].items())),
            contracts={
                version: contract_of(project, function)
                for version, function in sorted(found[base].items())
            },
        )
        for base in sorted(found)
    }


def contract_of(project: Project, function: FunctionModel) -> Contract:
    """The contract of a function.

    Args:
        project: With types.
    """
    taken, given = Shape(), Shape()
    if function.data is not None:
        data = project.data_type(function.id)
        taken.edges[ROOT] = _shape(None if data is None else data.input_schema)
        if not function.data_optional:
            taken.required.add(ROOT)
    if function.result != _NONE:
        result = project.result_type(function.id)
        given.edges[ROOT] = _shape(None if result is None else result.output_schema)
        if function.kind in _STREAMS:
            given.facts[STREAM] = True
    return Contract(
        input=surface_of(taken),
        output=surface_of(given),
        labels={
            Direction.INPUT: _label(function.data),
            Direction.OUTPUT: _label(function.result),
        },
    )


def _shape(schema: Json) -> Shape:
    return Shape() if schema is None else read_shape(schema)


def _label(expression: Expression | None) -> str:
    """A type as people write it: `list[Card]`."""
    if expression is None or expression == _NONE:
        return ""
    return _MODULES.sub("", type_key(expression))
