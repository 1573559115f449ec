"""A transport of the tests: lines with a verb. A module of its own, so that projects on disk can import it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pikku_core import Declaration, Middleware, PermissionGroup, Wiring
from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic, ScanRule, WiringKind, hookimpl

pikku_plugin_api = 1

Found = Sequence[DeclarationModel | Diagnostic]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWiring(Wiring):
    kind: ClassVar[str] = "line"
    verb: str
    options: Any = None

    @property
    def id(self) -> str:
        return f"line:{self.verb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDeclaration(Declaration):
    kind: ClassVar[str] = "line"
    name: str
    values: tuple[Any, ...]
    named: dict[str, Any]


def wire_line(
    *,
    verb: str,
    func: Any,
    options: Any = None,
    auth: bool | None = None,
    scopes: Sequence[str] = (),
    tags: Sequence[str] = (),
    middleware: Sequence[Middleware] = (),
    permissions: PermissionGroup | None = None,
) -> LineWiring:
    return LineWiring(
        verb=verb,
        func=func,
        options=options,
        auth=auth,
        scopes=tuple(scopes),
        tags=tuple(tags),
        middleware=tuple(middleware),
        permissions=permissions,
    )


def declare_line(name: str, *values: Any, **named: Any) -> LineDeclaration:
    return LineDeclaration(name=name, values=values, named=named)


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="line", title="Lines")]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    common = ("auth", "scopes", "tags", "middleware", "permissions")
    return [
        ScanRule(
            name="line",
            kind="line",
            calls={"linekit.wire_line": ("*", "verb", "func", "options", *common)},
            read="linekit:read_wiring",
        ),
        ScanRule(
            name="line.declarations",
            kind="line",
            calls={
                "linekit.declare_line": ("name", "first", "second", "third", "*", "named", "other")
            },
            read="linekit:read_declaration",
        ),
    ]


def read_wiring(site: CallSite) -> Found:
    verb = site.literal("verb", str)
    return [site.wiring(kind="line", id=f"line:{verb}", meta={"verb": verb})]


def read_declaration(site: CallSite) -> Found:
    return [site.declaration(kind="line", id=f"line:declared:{site.literal('name', str)}")]
