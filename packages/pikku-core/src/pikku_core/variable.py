"""Variables: what a project is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pikku_core.definition import DefinedValues, Definition, checked_key
from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterator


class NoDefault:
    """The type of `NO_DEFAULT`."""

    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT: Final = NoDefault()
"""The default of a variable that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableDefinition(Definition):
    """A variable of the project; see `define_variable`."""

    kind: ClassVar[str] = "variables"
    default: Any = NO_DEFAULT


def define_variable(
    name: str,
    type: Any,
    *,
    default: Any = NO_DEFAULT,
    key: str | None = None,
    optional: bool = False,
    description: str = "",
    docs_url: str = "",
) -> VariableDefinition:
    """Declares a variable, which anything reads as `variables.<name>`.

    ```python
    define_variable("page_size", int, default=20)
    ```

    Args:
        name: An identifier.
        type: The type of the value. The text of a model, list or mapping is JSON, that of any other type is converted
            as a query parameter's is.
        default: The value where the environment has none, validated by the type. All invocations read the same object: what
            can be changed in place must not be. Without one, and not optional, it must be there.
        key: What the environment, a mounted file or another source calls it. Default: the name in capitals.
        optional: Whether it may be missing; `variables.<name>` is None then.
        description: One sentence for whoever has to supply it.
        docs_url: Where to read about it.

    Raises:
        DeclarationError: The name or the key cannot be honoured, or there is a default for what may be missing.
    """
    if optional and default is not NO_DEFAULT:
        raise DeclarationError(
            f'The variable "{name}" has a default, so it is never missing: leave "optional" out.'
        )
    return VariableDefinition(
        name=name,
        type=type,
        key=checked_key(name, key),
        default=default,
        optional=optional,
        description=description,
        docs_url=docs_url,
    )


class VariableValues(DefinedValues, Mapping[str, str]):
    """The wire thing `variables`: each declared variable is an attribute, and the environment a mapping.

    Args:
        environment: Key to text.
        values: The declared ones by name; a `VariableValues` for those of an addon.
        hidden: The keys of secrets, which the mapping does not have, in whatever case: where keys have none, as on
            Windows, any would do.
    """

    __slots__ = ("_environment", "_hidden")

    noun = "variable"

    def __init__(
        self,
        environment: Mapping[str, str],
        values: Mapping[str, Any] | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self._environment = environment
        self._values = dict(values or {})
        self._hidden = frozenset(map(str.upper, hidden))

    def __getitem__(self, key: str) -> str:
        if key.upper() in self._hidden:
            raise KeyError(f'"{key}" is a secret: ask for "secrets"')
        return self._environment[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._environment if key.upper() not in self._hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)
