"""Shared values: module-level values of wiring modules that several wirings use, made once per App."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikku_core.codegen.module import Factory
from pikku_core.codegen.names import factory_names
from pikku_core.plugin.expression import Expression, Shared
from pikku_core.plugin.spelling import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = tuple[str, str]
"""The module and the name of a shared value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedValues:
    """Where each shared value is made.

    Attributes:
        calls: How each is spelled: `limiter_1a2b3c()`.
        common: Those used by more than one generated module; they are made in a module of their own.
        own: The others, by the generated module that uses them.
    """

    calls: Mapping[Key, str]
    common: Mapping[Key, Shared]
    own: Mapping[str, Mapping[Key, Shared]]


def place_shared(modules: Mapping[str, Iterable[Expression]]) -> SharedValues:
    """Decides where shared values are made, given the expressions that each generated module writes."""
    users: dict[Key, set[str]] = {}
    values: dict[Key, Shared] = {}
    for module, expressions in modules.items():
        for expression in expressions:
            for node in walk(expression):
                if isinstance(node, Shared):
                    users.setdefault((node.module, node.attribute), set()).add(module)
                    values[node.module, node.attribute] = node
    ordered = sorted(values)
    names = factory_names({f"{module}:{name}": name for module, name in ordered})
    return SharedValues(
        calls={(module, name): f"{names[f'{module}:{name}']}()" for module, name in ordered},
        common={key: values[key] for key in ordered if len(users[key]) > 1},
        own={
            module: {key: values[key] for key in ordered if users[key] == {module}}
            for module in modules
        },
    )


def shared_factories(values: Mapping[Key, Shared], calls: Mapping[Key, str]) -> list[Factory]:
    """The factories of shared values."""
    return [
        Factory(
            name=calls[key].removesuffix("()"),
            returns="Any",
            value=shared.value,
            comment=f"{shared.module}.{shared.attribute}",
            cached=True,
        )
        for key, shared in values.items()
    ]
