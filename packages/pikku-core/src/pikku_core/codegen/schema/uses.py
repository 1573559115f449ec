"""Which data types a project uses, and for what."""

from __future__ import annotations

import ast
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.codegen.names import short_hash
from pikku_core.plugin.expression import (
    Attribute,
    Constant,
    Expression,
    Name,
    Subscript,
    TupleDisplay,
    Union,
)
from pikku_core.plugin.model import DeclarationModel
from pikku_core.plugin.spelling import type_key

if TYPE_CHECKING:
    from pikku_core.codegen.schema.exchange import Mode
    from pikku_core.plugin.model import FunctionModel, Project

NAME_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeUse:
    """A data type, and the functions that take or return it or the secrets and variables that are of it.

    Attributes:
        name: See `TypeModel.name`.
    """

    key: str
    name: str
    expression: Expression
    inputs: tuple[FunctionModel | DeclarationModel, ...] = ()
    outputs: tuple[FunctionModel, ...] = ()

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The schemas that somebody asks for."""
        modes: list[Mode] = []
        if self.inputs:
            modes.append("validation")
        if self.outputs:
            modes.append("serialization")
        return tuple(modes)

    @property
    def defaults(self) -> dict[str, list[DeclarationModel]]:
        """The variables whose default is a literal, by that literal as source."""
        found: dict[str, list[DeclarationModel]] = {}
        for user in self.inputs:
            if isinstance(user, DeclarationModel) and (default := _default_of(user)):
                found.setdefault(default, []).append(user)
        return found


def type_uses(project: Project) -> list[TypeUse]:
    """The types of the data of all functions and of all secrets and variables, sorted by key."""
    expressions: dict[str, Expression] = {}
    inputs: dict[str, list[FunctionModel | DeclarationModel]] = {}
    outputs: dict[str, list[FunctionModel]] = {}
    for identity in sorted(project.functions):
        function = project.functions[identity]
        for expression, users in (
            (function.data, inputs),
            (result_of(function), outputs),
        ):
            if expression is not None:
                key = type_key(expression)
                expressions[key] = expression
                users.setdefault(key, []).append(function)
    for declaration in project.declarations:
        if declaration.type is not None:
            key = type_key(declaration.type)
            expressions[key] = declaration.type
            inputs.setdefault(key, []).append(declaration)
    names = type_names(expressions)
    return [
        TypeUse(
            key=key,
            name=names[key],
            expression=expressions[key],
            inputs=tuple(inputs.get(key, ())),
            outputs=tuple(outputs.get(key, ())),
        )
        for key in sorted(expressions)
    ]


def result_of(function: FunctionModel) -> Expression | None:
    """The type of a function's result, of one item where it is a generator; None where it gives nothing."""
    return None if function.result == Constant(None) else function.result


def _default_of(declaration: DeclarationModel) -> str:
    """The default of a variable where it is a literal; else an empty string."""
    for keyword, value in declaration.call.keywords:
        if keyword == "default":
            code = type_key(value)
            with suppress(ValueError, SyntaxError):
                ast.literal_eval(code)
                return code
    return ""


def type_names(expressions: dict[str, Expression]) -> dict[str, str]:
    """A short name for each type that no other has, not even where upper and lower case are one.

    A type that shares its short name with another is named after its modules too.
    """
    names = {key: _short(expression) for key, expression in expressions.items()}
    names = {key: _camel(key) if clash else names[key] for key, clash in _clashes(names).items()}
    return {
        key: f"{names[key][:NAME_LENGTH]}_{short_hash(key)}" if clash else names[key]
        for key, clash in _clashes(names).items()
    }


def _clashes(names: dict[str, str]) -> dict[str, bool]:
    counts = Counter(name.casefold() for name in names.values())
    return {
        key: counts[name.casefold()] > 1 or not 0 < len(name) <= NAME_LENGTH
        for key, name in names.items()
    }


def _short(expression: Expression) -> str:
    match expression:
        case Name(_, name) | Attribute(_, name) if name:
            short = name
        case Constant(value):
            short = str(value)
        case Subscript(base, index):
            short = _short(base) + _short(index)
        case Union(left, right):
            short = f"{_short(left)}Or{_short(right)}"
        case TupleDisplay(items):
            short = "".join(_short(item) for item in items)
        case _:
            short = type_key(expression)
    return _camel(short)


def _camel(text: str) -> str:
    words = re.findall(r"[0-9A-Za-z_]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words)
