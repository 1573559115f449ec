"""Core's own scan rules: addons, secrets and variables, and middleware and permissions for all functions or for a tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pikku_core.definition import key_fault, key_of, name_fault
from pikku_core.permissions import EMPTY
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.expression import Constant
from pikku_core.plugin.model import DeclarationModel, Json
from pikku_core.plugin.spelling import type_key
from pikku_core.scan.constants import NOT_CONSTANT, constant, strings

if TYPE_CHECKING:
    from pikku_core.plugin.callsite import CallSite
    from pikku_core.plugin.expression import Expression

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
    is_said = site.arguments.get("auth", Constant(None)) != Constant(None)
    asks_session = is_said and site.literal("auth", bool)
    meta: dict[str, Json] = {
        "name": name,
        "package": package,
        "asks_session": asks_session,
        "asks_scopes": [*site.literals("scopes")],
        "adds_tags": [*site.literals("tags")],
    }
    found: list[DeclarationModel | Diagnostic] = [
        site.declaration(kind="addon", id=f"addon:{name}", meta=meta)
    ]
    if is_said and not asks_session:
        message = (
            f'"auth=False" opens nothing of the addon "{name}": its functions say what they need.'
        )
        found.append(site.diagnostic("PKU573", message, hint="Leave it out."))
    return found


def read_secret(site: CallSite) -> Found:
    """Reads a `define_secret` call."""
    return [_definition(site, "secrets", {})]


def read_variable(site: CallSite) -> Found:
    """Reads a `define_variable` call."""
    if "default" not in site.arguments:
        return [_definition(site, "variables", {})]
    if site.literal("optional", bool, False):
        return [
            site.diagnostic(
                "PKU124",
                "A variable with a default is never missing, so it cannot be optional.",
                hint='Leave "optional" out, or the default.',
            )
        ]
    default = site.arguments["default"]
    return [_definition(site, "variables", {"default": _shown(default)})]


def _shown(default: Expression) -> Json:
    """A default for people and tools: its value where that is JSON, else how it is written."""
    value = constant(default, lambda _: NOT_CONSTANT)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    items = strings(value)
    return type_key(default) if items is None else [*items]


def _definition(
    site: CallSite, kind: str, more: Mapping[str, Json]
) -> DeclarationModel | Diagnostic:
    name = site.literal("name", str)
    key = site.literal("key", str, key_of(name))
    fault = name_fault(name) or key_fault(key)
    if fault:
        return site.diagnostic("PKU124", fault)
    meta: dict[str, Json] = {
        "name": name,
        "key": key,
        "optional": site.literal("optional", bool, False),
        "description": site.literal("description", str, ""),
        "docs_url": site.literal("docs_url", str, ""),
        **more,
    }
    return site.declaration(kind=kind, id=name, meta=meta, type=site.type())


def read_global_middleware(site: CallSite) -> Found:
    """Reads a `global_middleware` call."""
    return [_of_all(site, "middleware")]


def read_tag_middleware(site: CallSite) -> Found:
    """Reads a `tag_middleware` call."""
    return [_of_tag(site, "middleware")]


def read_global_permissions(site: CallSite) -> Found:
    """Reads a `global_permissions` call."""
    return [_guarding(site, "global_permissions", _of_all(site, "permissions"))]


def read_tag_permissions(site: CallSite) -> Found:
    """Reads a `tag_permissions` call."""
    return [_guarding(site, "tag_permissions", _of_tag(site, "permissions"))]


def _guarding(
    site: CallSite, declares: str, declared: DeclarationModel
) -> DeclarationModel | Diagnostic:
    return declared if declared.permissions else site.diagnostic("PKU875", EMPTY.format(declares))


def _of_all(site: CallSite, kind: str) -> DeclarationModel:
    return site.declaration(kind=kind, id=f"{kind}:global")


def _of_tag(site: CallSite, kind: str) -> DeclarationModel:
    tag = site.literal("tag", str)
    return site.declaration(kind=kind, id=f"{kind}:tag:{tag}", tag=tag)
