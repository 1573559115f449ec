"""Fakes of the wire things `secrets` and `variables`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core.secret import Secret, SecretValues
from pikku_core.testing.record import UnexpectedUseError
from pikku_core.variable import VariableValues

if TYPE_CHECKING:
    from collections.abc import Mapping


def fake_secrets(**secrets: Any) -> Any:
    """Secrets, each wrapped as a real one is.

    ```python
    secrets = fake_secrets(stripe_key="sk_test_1", smtp=None)
    assert secrets.stripe_key.reveal() == "sk_test_1"
    ```

    Its type is the project's own `Secrets`, which only its type checker knows: hence `Any`.

    Args:
        secrets: The value of each; None for an optional one that is missing. An addon's are a `fake_secrets` of their own.

    Raises:
        UnexpectedUseError: From an attribute that was not given.
    """
    return FakeSecrets({name: _wrapped(value) for name, value in secrets.items()})


def fake_variables(variables: Mapping[str, str] | None = None, /, **declared: Any) -> Any:
    """Variables: texts by key as in the environment, and the declared ones as attributes.

    ```python
    variables = fake_variables({"HOME": "/ada"}, page_size=5)
    assert variables["HOME"] == "/ada"
    assert variables.page_size == 5
    ```

    Its type is the project's own `Variables`, which only its type checker knows: hence `Any`.

    Args:
        variables: The texts. Default: none.
        declared: The values. An addon's are a `fake_variables` of their own.

    Raises:
        UnexpectedUseError: From an attribute that was not given.
    """
    return FakeVariables(variables or {}, declared)


class FakeSecrets(SecretValues):
    """What `fake_secrets` makes."""

    __slots__ = ()

    def _absent(self, name: str) -> Exception:
        return UnexpectedUseError(
            f'The secret "{name}" is used and the test has not given it: fake_secrets({name}=...).'
        )


class FakeVariables(VariableValues):
    """What `fake_variables` makes."""

    __slots__ = ()

    def _absent(self, name: str) -> Exception:
        return UnexpectedUseError(
            f'The variable "{name}" is used and the test has not given it: fake_variables({name}=...).'
        )


def _wrapped(value: Any) -> Any:
    given: object = value
    if given is None or isinstance(given, (Secret, SecretValues)):
        return value
    return Secret(given)
