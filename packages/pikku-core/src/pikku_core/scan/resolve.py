"""Expressions with every name resolved, ready to be written out in a place that never imports their module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pikku_core.plugin.expression import (
    Attribute,
    Call,
    Constant,
    DictDisplay,
    Expression,
    Formatted,
    FString,
    ListDisplay,
    Name,
    SetDisplay,
    Shared,
    Starred,
    Subscript,
    TupleDisplay,
    Union,
)
from pikku_core.scan.constants import NOT_CONSTANT, constant, is_empty, is_literal, written
from pikku_core.scan.name_checks import MOVE, changed, check_effect, check_order
from pikku_core.scan.nodes import dotted_name, line_of
from pikku_core.scan.unresolved import UnresolvedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module
    from pikku_core.scan.names import Found, Names

_Read: TypeAlias = "Callable[[Module, Node, int, bool], Expression]"
_DISPLAYS: Final[dict[str, Callable[[tuple[Expression, ...]], Expression]]] = {
    "l": ListDisplay,
    "t": TupleDisplay,
    "s": SetDisplay,
}


class Resolver:
    """Resolves the expressions of modules.

    Readable are literals, dotted names that are bound exactly once at a module's top level, calls of these, displays
    and f-strings. Annotations may also have subscripts and `|`.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.has_shared = False
        """Whether a value of a module was found that is to be shared."""
        self._shared: dict[tuple[str, str], Expression] = {}
        self._numbers: dict[str, dict[int, int]] = {}
        self._open: set[tuple[str, str]] = set()
        self._values: dict[str, _Read] = {
            "n": self._name,
            "a": self._attribute,
            "k": self._call,
            "l": self._display,
            "t": self._display,
            "s": self._display,
            "d": self._dict,
            "f": self._fstring,
            "*": self._starred,
        }
        self._types: dict[str, _Read] = {**self._values, "[": self._subscript, "|": self._union}

    def number(self, module: Module, node: Node) -> int:
        """Which of the nodes of a module that this was asked about it is, from 1 on; the same at every time."""
        known = self._numbers.setdefault(module.name, {})
        return known.setdefault(id(node), len(known) + 1)

    def expression(self, module: Module, node: Node, line: int = 0) -> Expression:
        """The value that a node stands for.

        Args:
            line: Where the node stands, for nodes that do not know.

        Raises:
            UnresolvedError: Something in it cannot be read.
        """
        return self._read(module, node, line, types=False)

    def annotation(self, module: Module, node: Node, line: int = 0) -> Expression:
        """The type that a node stands for; raises `UnresolvedError`."""
        if node[0] == "n":
            known = module.types.get(node[1])
            if known is None:
                known = module.types[node[1]] = self._found(module, node, types=True).name
            return known
        return self._read(module, node, line, types=True)

    def found(self, module: Module, node: Node, line: int = 0) -> tuple[Found, list[str]]:
        """What a dotted name leads to, with the attributes that are left; raises `UnresolvedError`."""
        line = line_of(node, line)
        check_order(module, node, line)
        try:
            return self.names.dotted(module, node)
        except UnresolvedError as error:
            raise error.at(line) from None

    def value(self, module: Module, node: Node, line: int = 0) -> Any:
        """The value of a node that is made of literals and named literals; `NOT_CONSTANT` for any other.

        Raises:
            UnresolvedError: A name in it leads nowhere. That an expression cannot be read is no error here.
        """
        value = written(node)
        if value is not NOT_CONSTANT:
            return value
        try:
            return self.constant(self.expression(module, node, line))
        except UnresolvedError as error:
            if error.code != "PKU711":
                raise
            return NOT_CONSTANT

    def constant(self, expression: Expression) -> Any:
        """The value of an expression made of literals and named literals; `NOT_CONSTANT` for any other."""
        if isinstance(expression, Constant):
            return expression.value
        return constant(expression, self._named_constant)

    def _read(self, module: Module, node: Node, line: int, *, types: bool) -> Expression:
        if node[0] == "c":
            return Constant(node[1])
        read = (self._types if types else self._values).get(node[0])
        if read is None:
            what = {"[": "a subscript", "|": "an arithmetic expression"}.get(node[0]) or node[1]
            raise UnresolvedError(
                "PKU711",
                f"{what} cannot be read without running it.".capitalize(),
                MOVE,
                line_of(node, line),
            )
        return read(module, node, line, types)

    def _starred(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        return Starred(self._read(module, node[1], line, types=types))

    def _display(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        items = [self._read(module, item, line, types=types) for item in node[1]]
        return _DISPLAYS[node[0]](tuple(items))

    def _subscript(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        base = self._read(module, node[1], line, types=types)
        literal = isinstance(base, Name) and base.attribute == "Literal"
        return Subscript(base, self._read(module, node[2], line, types=not literal))

    def _union(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        left = self._read(module, node[1], line, types=types)
        return Union(left, self._read(module, node[2], line, types=types))

    def _name(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        found = self._found(module, node, types=types)
        if types or found.binding is None:
            return found.name
        return self._value(module, found, node[-1] or line, types=types)

    def _attribute(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        line = node[-1] or line
        if not dotted_name(node):
            raise UnresolvedError(
                "PKU711",
                "An attribute of something that is not a name cannot be read.",
                MOVE,
                line,
            )
        try:
            found, rest = self.names.dotted(module, node, types=types)
        except UnresolvedError as error:
            raise error.at(line) from None
        if not types:
            check_order(module, node, line)
            check_effect(module, node, found)
        value = self._value(module, found, line, types=types)
        for attribute in rest:
            value = Attribute(value, attribute)
        return value

    def _found(self, module: Module, node: Node, *, types: bool) -> Found:
        line: int = node[-1]
        if not types:
            check_order(module, node, line)
        try:
            found = self.names.local(module, node[1], types=types)
        except UnresolvedError as error:
            raise error.at(line) from None
        if not types:
            check_effect(module, node, found)
        return found

    def _value(self, reader: Module, found: Found, line: int, *, types: bool) -> Expression:
        module, binding = found.module, found.binding
        if types or module is None or binding is None or binding[0] != "=" or not module.declares:
            return found.name
        name = found.name.attribute
        if name in module.effects:
            raise changed(name, module, line)
        try:
            value = self._module_value(module, name, binding)
        except UnresolvedError as error:
            place = "" if module is reader else f' of "{module.name}"'
            message = (
                f'"{name}", assigned on line {binding[1]}{place}, cannot be used: {error.message}'
            )
            raise UnresolvedError(error.code, message, error.hint, line) from None
        if is_literal(value) and not is_empty(value):
            return value
        self.has_shared = True
        return Shared(module.name, name, value)

    def _module_value(self, module: Module, name: str, binding: Any) -> Expression:
        key = (module.name, name)
        if key not in self._shared:
            if key in self._open:
                raise UnresolvedError(
                    "PKU710", f'"{name}" is defined by itself.', "Give it a value of its own."
                )
            self._open.add(key)
            try:
                self._shared[key] = self._read(module, binding[3], binding[1], types=False)
            finally:
                self._open.discard(key)
        return self._shared[key]

    def _call(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        line = node[4]
        if not dotted_name(node[1]):
            raise UnresolvedError(
                "PKU711",
                "A call of something that is not a name cannot be read without running it.",
                MOVE,
                line,
            )
        # What is called inside an annotation (`Field(gt=0)`) is a value, but a type checker's names will do for it.
        function = self._read(module, node[1], line, types=types)
        arguments = tuple([self._read(module, item, line, types=types) for item in node[2]])
        words = tuple(
            [(name, self._read(module, value, at, types=types)) for name, value, at in node[3]]
        )
        return Call(function, arguments, words)

    def _dict(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        pairs: list[tuple[Expression | None, Expression]] = []
        for key, value in node[1]:
            read = None if key is None else self._read(module, key, line, types=types)
            pairs.append((read, self._read(module, value, line, types=types)))
        return DictDisplay(tuple(pairs))

    def _fstring(self, module: Module, node: Node, line: int, types: bool) -> Expression:
        joined = self._joined(module, node, line, types=types)
        if joined is not None:
            return Constant(joined)
        parts: list[Constant | Formatted] = []
        for part in node[1]:
            if part[0] == "c":
                parts.append(Constant(part[1]))
                continue
            spec = None if part[3] is None else self._read(module, part[3], line, types=types)
            parts.append(Formatted(self._read(module, part[1], line, types=types), part[2], spec))
        whole = FString(tuple(parts))
        if all(isinstance(part, Constant) or isinstance(part.value, Constant) for part in parts):
            text = constant(whole, self._named_constant)
            return whole if text is NOT_CONSTANT else Constant(text)
        return whole

    def _joined(self, module: Module, node: Node, line: int, *, types: bool) -> str | None:
        """The text of an f-string that only joins strings, as those of routes with a prefix do; None for any other."""
        text = ""
        for part in node[1]:
            if part[0] == "c":
                text += part[1]
                continue
            if part[2] or part[3] is not None:
                return None
            value = self._read(module, part[1], line, types=types)
            if not isinstance(value, Constant) or not isinstance(value.value, str):
                return None
            text += value.value
        return text

    def _named_constant(self, name: Name) -> Any:
        module = self.names.modules.get(name.module)
        if module is None or not name.attribute:
            return NOT_CONSTANT
        try:
            found = self.names.local(module, name.attribute)
            if found.module is None or found.binding is None or found.binding[0] != "=":
                return NOT_CONSTANT
            value = self._module_value(found.module, found.name.attribute, found.binding)
        except UnresolvedError:
            return NOT_CONSTANT
        return NOT_CONSTANT if value == name else self.constant(value)
