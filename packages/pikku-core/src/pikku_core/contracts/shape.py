"""What fits a JSON Schema, as a graph: without names of definitions, order, or anything that is for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from pikku_core.contracts.keywords import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pikku_core.plugin.model import Json


@dataclass(slots=True, eq=False)
class Shape:
    """One node. A node without anything fits every value. Recursive types are circles.

    Attributes:
        facts: What a value must meet: `type` (a name, or a sorted list of them), `enum` (sorted), constraints.
        edges: The nodes of its parts, by a step of a path: `.name`, `[]`, `[0]`, `{}`; see `pikku_core.contracts.paths`.
        required: The edges without which a value does not fit.
        choices: One of these must fit too, where there are any.
    """

    facts: dict[str, Json] = field(default_factory=dict[str, "Json"])
    edges: dict[str, Shape] = field(default_factory=dict[str, "Shape"])
    required: set[str] = field(default_factory=set[str])
    choices: list[Shape] = field(default_factory=list["Shape"])

    @property
    def parts(self) -> Iterator[Shape]:
        """The nodes below it."""
        yield from self.edges.values()
        yield from self.choices


def nodes(roots: Iterable[Shape]) -> list[Shape]:
    """All nodes that some nodes lead to, themselves included."""
    found: dict[int, Shape] = {}
    pending = list(roots)
    while pending:
        shape = pending.pop()
        if id(shape) not in found:
            found[id(shape)] = shape
            pending += shape.parts
    return list(found.values())


class Classes:
    """Which nodes fit the same values as far as their structure tells, in one graph or in several.

    Nodes are told apart step by step, by themselves and by what their parts were told to be the step before, until a
    step tells no more apart (partition refinement). Circles need no care: unrolled once more they are the same.
    """

    def __init__(self, *roots: Shape) -> None:
        shapes = nodes(roots)
        self._own = {id(shape): _digest(_said(shape)) for shape in shapes}
        self._marks = self._own
        count = 0
        while (told := len(set(self._marks.values()))) > count:
            count = told
            self._marks = {id(shape): self._with_parts(shape) for shape in shapes}

    def __getitem__(self, shape: Shape) -> str:
        return self._marks[id(shape)]

    def _with_parts(self, shape: Shape) -> str:
        edges = [f"{step} {self[shape.edges[step]]}" for step in sorted(shape.edges)]
        choices = sorted({self[choice] for choice in shape.choices})
        return _digest("\n".join([self._own[id(shape)], *edges, *choices]))


def _said(shape: Shape) -> str:
    return canonical([shape.facts, [*sorted(shape.required)]])


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
