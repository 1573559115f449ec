"""Permissions for the routes that a pattern chooses: `http_permissions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from pikku_core import Declaration, DeclarationError, PermissionGroup
from pikku_core.declaration import refuse_function
from pikku_http.http.wiring import pattern_problem

EMPTY: Final = 'The pattern "{}" has no permissions: name one, or leave "http_permissions" out.'


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPermissions(Declaration):
    """Permissions for the routes that a pattern chooses; what `http_permissions` returns."""

    kind: ClassVar[str] = "http"
    pattern: str
    permissions: PermissionGroup


def http_permissions(pattern: str, permissions: PermissionGroup) -> HttpPermissions:
    """Declares permissions that must hold on all routes that a pattern matches, beside those of wiring and function.

    ```python
    http_permissions("/admin/*", [is_admin])
    ```

    A pattern chooses routes as they are declared, not requests; see `http_middleware`. A function that is called otherwise,
    by `rpc` or on another transport, is not guarded by it: its own permissions, and those of its tags, are for that.

    Args:
        pattern: A route; `*` stands for any run of characters, slashes included.
        permissions: As those of a function: keys are alternatives, what stands in a list must hold together.

    Raises:
        DeclarationError: The pattern begins with neither `/` nor `*`, or there is no permission.
    """
    problem = pattern_problem(pattern) or ("" if permissions else EMPTY.format(pattern))
    if problem:
        raise DeclarationError(problem)
    refuse_function("permissions", permissions)
    return HttpPermissions(pattern=pattern, permissions=permissions)
