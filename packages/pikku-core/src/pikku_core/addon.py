"""Addons: functions and services that come from an installed distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pikku_core.declaration import Declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonDeclaration(Declaration):
    """An addon of the project and the namespace of its functions."""

    kind: ClassVar[str] = "addon"
    name: str
    package: str


def wire_addon(*, name: str, package: str) -> AddonDeclaration:
    """Declares that the project uses an addon.

    Args:
        name: The namespace: a function `send` is called as `acme:send` and `rpc.acme.send`.
        package: The addon's import package, which its distribution names in the entry-point group `pikku.addons`.
    """
    return AddonDeclaration(name=name, package=package)
