"""The facts of one file: what its source says, before any name is resolved.

Facts are plain dicts, lists, tuples and scalars, so that `marshal` writes and reads them as fast as Python can. They
depend on the file alone (and on the words that mark declarations), which makes them cacheable per file.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias, TypedDict

FACTS_VERSION: Final = 15
"""Raised with every change of what is written here: it is part of the cache's key."""

Node: TypeAlias = tuple[Any, ...]
"""An expression as a tuple, its first item a tag:

| tag | items |
|---|---|
| `c` | value |
| `n` | name, line |
| `a` | base, attribute, line |
| `k` | function, positional nodes, keywords as (name or None, node, line), line |
| `*` | node |
| `l` `t` `s` | items: list, tuple, set |
| `d` | pairs of (node or None, node) |
| `f` | parts: `c` nodes and `("v", node, conversion, spec or None)` |
| `[` | base, index, line |
| `|` | left, right, line |
| `!` | what it is, in words, line: something that cannot be read |

`Any` because marshalled data has no classes; `pikku_core.scan.resolve` is the only reader.
"""

PLAIN: Final = 0
"""A binding that always happens."""
FOR_CHECKERS: Final = 1
"""A binding that only a type checker sees."""
CONDITIONAL: Final = 2
"""A binding under `if`, `try`, a loop or the like."""

MENTIONED: Final = 0
"""What a statement may do to a name: `print(x)` …"""
ACTED_ON: Final = 1
"""… `x.append(1)` …"""
ASSIGNED_INTO: Final = 2
"""… `x[0] = 1`, `setattr(x, "a", 1)`."""

Binding: TypeAlias = tuple[Any, ...]
"""One thing that binds a name at a module's top level: tag, line, condition, and what the tag asks for.

| tag | items after the condition |
|---|---|
| `import` | module as written, attribute ("" for the module itself), level |
| `def` | |
| `class` | base nodes |
| `=` | node |
| `?` | in words how it is bound: something that cannot be followed |
"""


class ParameterFacts(TypedDict):
    """A parameter as written."""

    name: str
    line: int
    annotation: Node | None
    default: bool


class DefFacts(TypedDict):
    """A `def` or `class` that carries a decorator.

    `context` says where it stands: "" at the top level, else `function`, `class` or `conditional`. `rpc`,
    `secrets` and `variables` hold what its body does with a parameter of that name: (dotted name, line), the name empty
    where it cannot be read, and an id behind `=` where `rpc.invoke` is given one; `variables` not what it does with the
    mapping. `evaluated` are the names in its annotations, with lines, where Python evaluates these when it runs the `def`.
    """

    name: str
    qualname: str
    line: int
    context: str
    is_class: bool
    is_async: bool
    is_generator: bool
    decorators: list[tuple[Node, int]]
    positional: list[ParameterFacts]
    keyword_only: list[ParameterFacts]
    variadic: list[tuple[str, int]]
    returns: Node | None
    evaluated: list[tuple[str, int]]
    type_parameters: list[str]
    doc: str
    rpc: list[tuple[str, int]]
    secrets: list[tuple[str, int]]
    variables: list[tuple[str, int]]


class ImportFacts(TypedDict):
    """An import that happens at run time, wherever it stands. `names` is None for `import module`."""

    module: str
    level: int
    names: list[str] | None
    line: int


class ModuleFacts(TypedDict):
    """What one file says.

    Attributes:
        bindings: By name, in order of source.
        stars: Star imports: module as written, level, line, condition.
        exports: `__all__`, where it is made of literals.
        defs: Decorated functions and classes, nested ones too.
        calls: Calls that are statements at the top level, or assigned there to the name beside them.
        hidden: Uses of a declaring name anywhere else: callee, line, context.
        effects: Names that a top-level statement may change, with its line and what it does to the name: `MENTIONED`,
            `ACTED_ON` or `ASSIGNED_INTO`.
        error: Line and message where the file cannot be read.
        lost: Names that it may declare all the same: everything that it defines or writes in quotes.
    """

    bindings: dict[str, list[Binding]]
    stars: list[tuple[str, int, int, int]]
    exports: list[str] | None
    defs: list[DefFacts]
    calls: list[tuple[Node, str]]
    hidden: list[tuple[Node, int, str]]
    imports: list[ImportFacts]
    effects: dict[str, tuple[int, int]]
    error: tuple[int, str] | None
    lost: list[str]


def empty_facts() -> ModuleFacts:
    """The facts of a file with nothing in it."""
    return ModuleFacts(
        bindings={},
        stars=[],
        exports=None,
        defs=[],
        calls=[],
        hidden=[],
        imports=[],
        effects={},
        error=None,
        lost=[],
    )
