"""Core's own scan rules: addons, and middleware and permissions for all functions or for a tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.model import DeclarationModel

if TYPE_CHECKING:
    from pikku_core.plugin.callsite import CallSite

Found = Sequence[DeclarationModel | Diagnostic]


def read_addon(site: CallSite) -> Found:
    """Reads a `wire_addon` call."""
    name = site.literal("name", str)
    package = site.literal("package", str)
    if not name.isidentifier():
        return [
            site.diagnostic(
                "PKU124",
                f'"{name}" cannot be the name of an addon: its functions are called as "rpc.<name>.<function>".',
                hint="Use a Python identifier.",
            )
        ]
    meta = {"name": name, "package": package}
    return [site.declaration(kind="addon", id=f"addon:{name}", meta=meta)]


def read_global_middleware(site: CallSite) -> Found:
    """Reads a `global_middleware` call."""
    return [_of_all(site, "middleware")]


def read_tag_middleware(site: CallSite) -> Found:
    """Reads a `tag_middleware` call."""
    return [_of_tag(site, "middleware")]


def read_global_permissions(site: CallSite) -> Found:
    """Reads a `global_permissions` call."""
    return [_of_all(site, "permissions")]


def read_tag_permissions(site: CallSite) -> Found:
    """Reads a `tag_permissions` call."""
    return [_of_tag(site, "permissions")]


def _of_all(site: CallSite, kind: str) -> DeclarationModel:
    return site.declaration(kind=kind, id=f"{kind}:global")


def _of_tag(site: CallSite, kind: str) -> DeclarationModel:
    tag = site.literal("tag", str)
    return site.declaration(kind=kind, id=f"{kind}:tag:{tag}", tag=tag)
