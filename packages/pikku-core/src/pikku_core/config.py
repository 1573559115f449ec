"""Configuration: one typed value per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from pikku_core.declaration import attach

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigConfig:
    """What `pikku_config` attaches."""


@overload
def pikku_config(factory: F, /) -> F: ...
@overload
def pikku_config() -> Callable[[F], F]: ...
def pikku_config(factory: F | None = None, /) -> F | Callable[[F], F]:
    """Marks what makes the project's configuration, which is injected as `config`; a project has at most one.

    A class is called without arguments (pydantic-settings reads the environment by itself); a function may ask for
    `variables`, the process's environment.

    ```python
    @pikku_config
    def config(*, variables: Variables) -> Config:
        return Config(database=variables.get("CONDUIT_DATABASE", "conduit.sqlite"))
    ```
    """
    return attach(ConfigConfig(), factory)
