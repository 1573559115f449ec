"""Expressions of a syntax tree as plain tuples (see `facts.Node`)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pikku_core.scan.facts import Node

_WORDS: Final[dict[type[ast.expr], str]] = {
    ast.Lambda: "a lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a generator expression",
    ast.NamedExpr: "an assignment expression",
    ast.IfExp: "a conditional expression",
    ast.BoolOp: "a boolean expression",
    ast.Compare: "a comparison",
    ast.BinOp: "an arithmetic expression",
    ast.UnaryOp: "an arithmetic expression",
    ast.Await: "an await",
    ast.Yield: "a yield",
    ast.YieldFrom: "a yield",
    ast.Slice: "a slice",
}

_NUMBERS: Final = (int, float, complex)


def node_of(expression: ast.expr) -> Node:
    """The tuple of an expression that is evaluated."""
    make = _VALUES.get(expression.__class__)
    return _unreadable(expression) if make is None else make(expression)


def annotation_of(expression: ast.expr) -> Node:
    """The tuple of an annotation: strings in it are annotations themselves, subscripts and `|` are types."""
    make = _ANNOTATIONS.get(expression.__class__)
    return node_of(expression) if make is None else make(expression)


def dotted_name(node: Node) -> str:
    """`a.b.c` of a node that is a name or attributes of one, else an empty string."""
    return node[1] if node[0] == "n" else ".".join(name_parts(node))


def name_parts(node: Node) -> list[str]:
    """`["a", "b", "c"]` of a node that is a name or attributes of one, else an empty list."""
    parts: list[str] = []
    while node[0] == "a":
        parts.append(node[2])
        node = node[1]
    if node[0] != "n":
        return []
    parts.append(node[1])
    parts.reverse()
    return parts


def line_of(node: Node, default: int) -> int:
    """The line on which a node stands; `default` for kinds that do not carry one."""
    if node[0] in {"n", "a", "k", "[", "|", "!"}:
        line: int = node[-1]
        return line
    return default


def names_in(node: object) -> Iterator[str]:
    """All names in a node."""
    if not isinstance(node, tuple):
        return
    parts = cast("Node", node)  # type: ignore[redundant-cast]  # pyright knows nothing of the items
    if parts[:1] == ("n",):
        yield parts[1]
    elif parts[:1] != ("c",):
        for part in parts:
            yield from names_in(part)


def _unreadable(expression: ast.expr) -> Node:
    return ("!", _WORDS.get(type(expression), "an expression"), expression.lineno)


def _name(expression: Any) -> Node:
    return ("n", expression.id, expression.lineno)


def _attribute(expression: Any) -> Node:
    return ("a", node_of(expression.value), expression.attr, expression.end_lineno)


def _constant(expression: Any) -> Node:
    return ("c", expression.value)


def _call(expression: Any) -> Node:
    return (
        "k",
        node_of(expression.func),
        tuple([node_of(argument) for argument in expression.args]),
        tuple([(word.arg, node_of(word.value), word.value.lineno) for word in expression.keywords]),
        expression.lineno,
    )


def _items(tag: str) -> Callable[[Any], Node]:
    def make(expression: Any) -> Node:
        return (tag, tuple([node_of(item) for item in expression.elts]))

    return make


def _dict(expression: Any) -> Node:
    pairs = zip(expression.keys, expression.values, strict=True)
    return (
        "d",
        tuple([(None if key is None else node_of(key), node_of(value)) for key, value in pairs]),
    )


def _starred(expression: Any) -> Node:
    return ("*", node_of(expression.value))


def _unary(expression: Any) -> Node:
    operand = expression.operand
    value: Any = operand.value if isinstance(operand, ast.Constant) else None
    if type(value) in _NUMBERS and isinstance(expression.op, ast.USub):
        return ("c", -value)
    if type(value) in _NUMBERS and isinstance(expression.op, ast.UAdd):
        return ("c", value)
    return _unreadable(expression)


def _fstring(expression: Any) -> Node:
    parts: list[Node] = []
    for part in expression.values:
        if isinstance(part, ast.FormattedValue):
            conversion = "" if part.conversion == -1 else chr(part.conversion)
            spec = None if part.format_spec is None else node_of(part.format_spec)
            parts.append(("v", node_of(part.value), conversion, spec))
        else:
            parts.append(node_of(part))
    return ("f", tuple(parts))


def _subscript(expression: Any) -> Node:
    return ("[", node_of(expression.value), node_of(expression.slice), expression.lineno)


def _bitwise_or(expression: Any) -> Node:
    if isinstance(expression.op, ast.BitOr):
        return ("|", node_of(expression.left), node_of(expression.right), expression.lineno)
    return _unreadable(expression)


_VALUES: Final[dict[type[Any], Callable[[Any], Node]]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.List: _items("l"),
    ast.Tuple: _items("t"),
    ast.Set: _items("s"),
    ast.Dict: _dict,
    ast.Starred: _starred,
    ast.UnaryOp: _unary,
    ast.JoinedStr: _fstring,
    ast.Subscript: _subscript,
    ast.BinOp: _bitwise_or,
}


def _annotated_string(expression: Any) -> Node:
    if not isinstance(expression.value, str):
        return ("c", expression.value)
    try:
        inner = ast.parse(expression.value.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return ("!", "a string that is not a type", expression.lineno)
    # A parsed string starts at line 1; what is in it stands where the string stands.
    ast.increment_lineno(inner, expression.lineno - 1)
    return annotation_of(inner)


def _annotated_subscript(expression: Any) -> Node:
    base = node_of(expression.value)
    name = dotted_name(base).rpartition(".")[2]
    index = expression.slice
    if name == "Literal":
        inner = node_of(index)
    elif name == "Annotated" and isinstance(index, ast.Tuple) and index.elts:
        inner = ("t", (annotation_of(index.elts[0]), *[node_of(item) for item in index.elts[1:]]))
    else:
        inner = annotation_of(index)
    return ("[", base, inner, expression.lineno)


def _annotated_items(tag: str) -> Callable[[Any], Node]:
    def make(expression: Any) -> Node:
        return (tag, tuple([annotation_of(item) for item in expression.elts]))

    return make


def _annotated_or(expression: Any) -> Node:
    if isinstance(expression.op, ast.BitOr):
        left, right = annotation_of(expression.left), annotation_of(expression.right)
        return ("|", left, right, expression.lineno)
    return _unreadable(expression)


_ANNOTATIONS: Final[dict[type[Any], Callable[[Any], Node]]] = {
    ast.Constant: _annotated_string,
    ast.Subscript: _annotated_subscript,
    ast.Tuple: _annotated_items("t"),
    ast.List: _annotated_items("l"),
    ast.BinOp: _annotated_or,
}
