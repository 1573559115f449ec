"""The facts of one decorated function or class."""

from __future__ import annotations

import ast
from typing import Any, Final, TypeAlias

from pikku_core.scan.body import BodyReader
from pikku_core.scan.facts import DefFacts, Node, ParameterFacts
from pikku_core.scan.nodes import annotation_of, node_of
from pikku_core.scan.places import Places

FunctionDef: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_READ_BY_ATTRIBUTE: Final = frozenset({"rpc", "secrets", "variables"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class SignatureReader:
    """Reads the decorated functions of one file.

    Args:
        text: Its source.
        evaluated: Whether Python evaluates its annotations when it runs a `def`: see PEP 563 and PEP 649.
    """

    def __init__(self, text: str, *, evaluated: bool = False) -> None:
        self._evaluated = evaluated
        self._yields = Places(text, r"yield\b")
        self._bodies = BodyReader(text)

    def function(self, node: FunctionDef, qualname: str, context: str) -> DefFacts:
        """The facts of a decorated function.

        Args:
            context: Where it stands: "" at the top level, else `function`, `class`, `conditional` or `loop`.
        """
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        first_default = len(positional) - len(arguments.defaults)
        keyword_only = [
            _parameter(argument, default=default is not None)
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ]
        variadic = [
            (found.arg, found.lineno) for found in (arguments.vararg, arguments.kwarg) if found
        ]
        uses = {
            found["name"]: self._bodies.uses(node.body, found["name"])
            for found in keyword_only
            if found["name"] in _READ_BY_ATTRIBUTE
        }
        return DefFacts(
            name=node.name,
            qualname=qualname,
            line=node.lineno,
            context=context,
            is_class=False,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            is_generator=self._is_generator(node),
            decorators=_decorators(node),
            positional=[
                _parameter(argument, default=index >= first_default)
                for index, argument in enumerate(positional)
            ],
            keyword_only=keyword_only,
            variadic=variadic,
            returns=None if node.returns is None else annotation_of(node.returns),
            evaluated=_evaluated(node) if self._evaluated else [],
            type_parameters=_type_parameters(node),
            doc=ast.get_docstring(node) or "",
            rpc=uses.get("rpc", []),
            secrets=uses.get("secrets", []),
            variables=uses.get("variables", []),
        )

    def _is_generator(self, function: FunctionDef) -> bool:
        """Whether a `yield` stands in the function's own scope."""
        pending: list[ast.AST] = [*function.body] if self._yields.within(function) else []
        while pending:
            node = pending.pop()
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                return True
            if not isinstance(node, _SCOPES):
                pending.extend(self._yields.children(node))
        return False


def read_class(node: ast.ClassDef, qualname: str, context: str) -> DefFacts:
    """The facts of a decorated class."""
    return DefFacts(
        name=node.name,
        qualname=qualname,
        line=node.lineno,
        context=context,
        is_class=True,
        is_async=False,
        is_generator=False,
        decorators=_decorators(node),
        positional=[],
        keyword_only=[],
        variadic=[],
        returns=None,
        evaluated=[],
        type_parameters=_type_parameters(node),
        doc=ast.get_docstring(node) or "",
        rpc=[],
        secrets=[],
        variables=[],
    )


def _parameter(argument: ast.arg, *, default: bool) -> ParameterFacts:
    annotation: Node | None = (
        None if argument.annotation is None else annotation_of(argument.annotation)
    )
    return ParameterFacts(
        name=argument.arg, line=argument.lineno, annotation=annotation, default=default
    )


def _evaluated(node: FunctionDef) -> list[tuple[str, int]]:
    """The names in annotations, outside of strings."""
    of = node.args
    arguments = (*of.posonlyargs, *of.args, of.vararg, *of.kwonlyargs, of.kwarg)
    written = [found.annotation for found in arguments if found is not None]
    return [
        (part.id, part.lineno)
        for annotation in (*written, node.returns)
        if annotation is not None
        for part in ast.walk(annotation)
        if isinstance(part, ast.Name)
    ]


def _decorators(node: FunctionDef | ast.ClassDef) -> list[tuple[Node, int]]:
    return [(node_of(found), found.lineno) for found in node.decorator_list]


def _type_parameters(node: FunctionDef | ast.ClassDef) -> list[str]:
    # `def f[T](…)` exists from Python 3.12 on.
    parameters: list[Any] = getattr(node, "type_params", [])
    return [parameter.name for parameter in parameters]
