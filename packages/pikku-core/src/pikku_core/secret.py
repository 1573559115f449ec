"""Secrets: values that a project needs and nobody is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeVar

from pikku_core.definition import DefinedValues, Definition, checked_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T_co = TypeVar("T_co", covariant=True)


class Secret(Generic[T_co]):
    """A value that shows itself to `reveal` alone.

    Printed, formatted or logged it is `Secret(...)`; it cannot be pickled or written as JSON, and a copy of it is
    itself, so that neither a dump of what holds it nor a traceback gives it away.

    ```python
    key = Secret("sk_live_1")
    assert f"{key}" == "Secret(...)"
    assert key.reveal() == "sk_live_1"
    ```
    """

    __slots__ = ("_open",)

    def __init__(self, value: T_co) -> None:
        def opened() -> T_co:
            return value

        # A closure, because what walks over attributes finds those.
        self._open: Callable[[], T_co] = opened

    def reveal(self) -> T_co:
        """The value itself."""
        return self._open()

    def __repr__(self) -> str:
        return "Secret(...)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(
            'A secret cannot be pickled: call "reveal" where its value is needed, and no sooner.'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretDefinition(Definition):
    """A secret of the project; see `define_secret`."""

    kind: ClassVar[str] = "secrets"


def define_secret(
    name: str,
    type: Any,
    *,
    key: str | None = None,
    optional: bool = False,
    description: str = "",
    docs_url: str = "",
) -> SecretDefinition:
    """Declares a secret, which services, middleware and the configuration read as `secrets.<name>`.

    ```python
    define_secret("stripe_key", str, docs_url="https://docs.stripe.com/keys")
    ```

    Args:
        name: An identifier.
        type: The type of the value. The text of a model, list or mapping is JSON, that of any other type is converted
            as a query parameter's is.
        key: What the environment, a mounted file or another source calls it. Default: the name in capitals.
        optional: Whether it may be missing; `secrets.<name>` is None then.
        description: One sentence for whoever has to supply it.
        docs_url: Where to get it.

    Raises:
        DeclarationError: The name or the key cannot be honoured.
    """
    return SecretDefinition(
        name=name,
        type=type,
        key=checked_key(name, key),
        optional=optional,
        description=description,
        docs_url=docs_url,
    )


class SecretValues(DefinedValues):
    """The wire thing `secrets`: each secret is an attribute, those of an addon stand below its name.

    Args:
        values: By name; None for an optional one that is missing, a `SecretValues` for an addon.
    """

    __slots__ = ()

    noun = "secret"

    def __init__(self, values: Mapping[str, Secret[Any] | SecretValues | None]) -> None:
        self._values = dict(values)
