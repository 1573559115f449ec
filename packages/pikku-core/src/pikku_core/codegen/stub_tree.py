"""Names with dots as nested classes of a stub: `rpc.acme.send` is a method of what `rpc.acme` gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Branch(Generic[T]):
    """One class of a stub.

    Attributes:
        name: The class's name.
        leaves: Its own members, by name.
        branches: Its members that are classes themselves, by name.
    """

    name: str
    leaves: dict[str, T] = field(default_factory=dict[str, T])
    branches: dict[str, Branch[T]] = field(default_factory=dict[str, "Branch[T]"])

    def inner_first(self) -> Iterator[Branch[T]]:
        """The classes below and this one, each after those that it uses."""
        for name in sorted(self.branches):
            yield from self.branches[name].inner_first()
        yield self

    def names(self) -> set[str]:
        """All names that are bound in these classes, and their own."""
        below = set[str]().union(*(branch.names() for branch in self.branches.values()))
        return {self.name, *self.leaves, *self.branches, *below}


def branch_out(name: str, members: Mapping[str, T]) -> Branch[T]:
    """The classes for members that are named by chains of attributes."""
    root: Branch[T] = Branch(name)
    for chain in sorted(members):
        *path, leaf = chain.split(".")
        branch = root
        for part in path:
            inner: Branch[T] = Branch(f"_{branch.name.lstrip('_')}{part.title().replace('_', '')}")
            branch = branch.branches.setdefault(part, inner)
        branch.leaves[leaf] = members[chain]
    return root
