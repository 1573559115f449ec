"""What a piece of syntax does to the names in it."""

from __future__ import annotations

import ast
from typing import Any

from pikku_core.scan.facts import ACTED_ON, ASSIGNED_INTO


def acted_on(node: ast.AST) -> dict[str, int]:
    """Names that a statement acts on itself: what it assigns into, deletes from, or calls a method of."""
    found: dict[str, int] = {}
    for part in ast.walk(node):
        target: Any = part
        level = ASSIGNED_INTO
        if isinstance(part, ast.Call):
            setter = isinstance(part.func, ast.Name) and part.func.id in {"setattr", "delattr"}
            if setter and part.args:
                target = ast.Attribute(value=part.args[0], attr="")
            else:
                target, level = part.func, ACTED_ON
        elif not isinstance(getattr(part, "ctx", None), ast.Store | ast.Del):
            continue
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
            if isinstance(target, ast.Name):
                found[target.id] = max(level, found.get(target.id, level))
    return found


def called(function: ast.AST) -> list[str]:
    """The functions that a body calls by their plain names."""
    return [
        part.func.id
        for part in ast.walk(function)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    ]


def local_names(function: ast.AST) -> set[str]:
    """What a function binds in itself: parameters, what it assigns, imports, defines or catches."""
    found: set[str] = set()
    for part in ast.walk(function):
        match part:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.alias():
                found.add(part.asname or part.name.partition(".")[0])
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                found.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if part is not function:
                    found.add(part.name)
            case _:
                pass
    return found
