"""Fakes of the wire things that hold values of the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pikku_core.testing.record import UnexpectedUseError


def fake_variables(variables: Mapping[str, str] | None = None, /, **declared: Any) -> Any:
    """Variables: texts by key as in the environment, and the declared ones as attributes.

    ```python
    variables = fake_variables({"HOME": "/home/ada"}, page_size=5)
    assert variables["HOME"] == "/home/ada"
    assert variables.page_size == 5
    ```

    Its type is the project's own `Variables`, which only its type checker knows: hence `Any`.

    Raises:
        UnexpectedUseError: From an attribute that was not given.
    """
    return _Variables(variables or {}, declared)


class _Variables(Mapping[str, str]):
    def __init__(self, texts: Mapping[str, str], declared: Mapping[str, Any]) -> None:
        self._texts = texts
        self._declared = declared

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._declared:
            raise UnexpectedUseError(
                f'The test asks for the variable "{name}" and has not given it: fake_variables({name}=...).'
            )
        return self._declared[name]
