"""The arguments of a call by parameter name, bound as Python would bind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pikku_core.nearest import nearest_name
from pikku_core.scan.report import failure

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import DiagnosticError
    from pikku_core.plugin.expression import Expression
    from pikku_core.scan.facts import Node
    from pikku_core.scan.modules import Module


class Arguments(Mapping[str, "Expression"]):
    """The arguments of a call, each resolved when it is asked for.

    Args:
        given: What is written, by parameter name.
        resolve: Resolves the argument of a name.
    """

    def __init__(self, given: Mapping[str, object], resolve: Callable[[str], Expression]) -> None:
        self._given = given
        self._resolve = resolve

    def __getitem__(self, name: str) -> Expression:
        if name not in self._given:
            raise KeyError(name)
        return self._resolve(name)

    def __contains__(self, name: object) -> bool:
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)


def bind(
    module: Module, node: Node, target: str, parameters: tuple[str, ...]
) -> dict[str, tuple[Node, int]]:
    """The node and line of each argument.

    Args:
        node: The call.
        parameters: In positional order, keyword-only ones after `"*"`.

    Raises:
        DiagnosticError: An argument is spread, unknown, given twice, or by position where a keyword is wanted.
    """
    line: int = node[4]
    short = target.rpartition(".")[2]
    positional = parameters[: parameters.index("*")] if "*" in parameters else parameters
    bound: dict[str, tuple[Node, int]] = {}
    for index, argument in enumerate(node[2]):
        if argument[0] == "*":
            raise _spread(module, short, "*", line)
        if index >= len(positional):
            raise failure(
                "PKU761",
                f'"{short}" takes {len(positional) or "no"} positional arguments.',
                module.at(line),
                hint="Give the others by keyword.",
            )
        bound[positional[index]] = (argument, line)
    for name, argument, at in node[3]:
        if name is None:
            raise _spread(module, short, "**", at)
        if name not in parameters or name in bound:
            why = "is given twice" if name in bound else "is not among its options"
            raise failure(
                "PKU761",
                f'"{name}" of "{short}" {why}.',
                module.at(at),
                hint=options_hint(
                    [other for other in parameters if other != "*"], "" if name in bound else name
                ),
            )
        bound[name] = (argument, at)
    return bound


def options_hint(options: Sequence[str], name: str = "") -> str:
    """Which options there are, and which of them may have been meant by a name that is none."""
    listed = ", ".join(f'"{option}"' for option in options) or "no options"
    near = nearest_name(name, options)
    return f'Did you mean "{near}"? It takes {listed}.' if near else f"It takes {listed}."


def in_words(of: type[Any]) -> str:
    """A type as a person would say it."""
    return {str: "a string", int: "a whole number", bool: "True or False"}.get(
        of, f"of type {of.__name__}"
    )


def what_is(node: Node) -> str:
    """An expression that is no name, in words."""
    words = {
        "c": "a literal",
        "k": "a call",
        "a": "an attribute of something that is no name",
        "[": "a subscript",
        "|": "an arithmetic expression",
    }
    return node[1] if node[0] == "!" else words.get(node[0], "a display")


def _spread(module: Module, short: str, stars: str, line: int) -> DiagnosticError:
    return failure(
        "PKU762",
        f'The call of "{short}" is given "{stars}" arguments, which cannot be read.',
        module.at(line),
        hint="Write the arguments out.",
    )
