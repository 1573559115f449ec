"""Where words stand in a text, so that only the parts of a syntax tree that have them need to be walked."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Places:
    """The lines of a text on which a pattern matches.

    Args:
        text: The source; the lines are counted as the parser does.
        pattern: A regular expression; one that begins with a literal is found much faster.
    """

    def __init__(self, text: str, pattern: str) -> None:
        self.lines: list[int] = []
        """1-based, one entry per match, ascending."""
        line, at = 1, 0
        for match in re.finditer(pattern, text):
            start = match.start()
            line += text.count("\n", at, start)
            at = start
            self.lines.append(line)

    def __len__(self) -> int:
        return len(self.lines)

    def within(self, node: ast.AST) -> bool:
        """Whether a match stands on one of the node's lines; true for the few kinds of nodes that do not know theirs."""
        first: int = getattr(node, "lineno", 0)
        last: int | None = getattr(node, "end_lineno", None)
        if not first or last is None:
            return True
        # The line of a decorated function is that of its `def`.
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = decorators[0].lineno if decorators else first
        index = bisect_left(self.lines, first)
        return index < len(self.lines) and self.lines[index] <= last

    def children(self, node: ast.AST) -> Iterator[ast.AST]:
        """The children of a node that have a match on their lines."""
        for child in ast.iter_child_nodes(node):
            if self.within(child):
                yield child

    def walk(self, nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[ast.AST]:
        """All nodes below some that have a match on their lines, in order of source."""
        pending: list[ast.AST] = [node for node in nodes if self.within(node)][::-1]
        while pending:
            node = pending.pop()
            yield node
            pending.extend([*self.children(node)][::-1])
