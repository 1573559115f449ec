"""Addons: functions and services that come from an installed distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from pikku_core.declaration import Declaration, names

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonDeclaration(Declaration):
    """An addon of the project and the namespace of its functions."""

    kind: ClassVar[str] = "addon"
    name: str
    package: str
    auth: Literal[True] | None = None
    scopes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def wire_addon(
    *,
    name: str,
    package: str,
    auth: Literal[True] | None = None,
    scopes: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> AddonDeclaration:
    """Declares that the project uses an addon.

    ```python
    wire_addon(name="acme", package="acme_mail", auth=True, tags=["mail"])
    tag_permissions("mail", [may_write])
    ```

    What is said of its functions holds wherever they are called from, and beside what they say themselves: it closes, and
    never opens.

    Args:
        name: The namespace: a function `send` is called as `acme:send` and `rpc.acme.send`.
        package: The addon's import package, which its distribution names in the entry-point group `pikku.addons`.
        auth: Whether each of its functions needs a session. Default: as they say.
        scopes: Scopes that the session must hold.
        tags: Labels for filters and for the project's middleware and permissions by tag.

    Raises:
        DeclarationError: `scopes` or `tags` is one string.
    """
    return AddonDeclaration(
        name=name,
        package=package,
        auth=auth,
        scopes=names("scopes", scopes),
        tags=names("tags", tags),
    )
