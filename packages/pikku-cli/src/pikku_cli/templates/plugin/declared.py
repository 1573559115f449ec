"""What the transport says of itself, what users write, and how that is read."""

from __future__ import annotations

from typing import Final

INIT: Final = '''\
"""Functions that are called with a line of text."""

from __future__ import annotations

from $snake.wire import ${pascal}Wire
from $snake.wiring import ${pascal}Wiring, wire_$snake

__all__ = ["${pascal}Wire", "${pascal}Wiring", "wire_$snake"]
'''

PLUGIN: Final = '''\
"""What this distribution adds to Pikku."""

from __future__ import annotations

from pikku_core.plugin import (
    DiagnosticCode,
    ScanRule,
    ServeComponent,
    WiringKind,
    hookimpl,
)

pikku_plugin_api = 1

PARAMETERS = (
    *("*", "name", "func"),
    *("auth", "scopes", "permissions", "middleware", "tags"),  # those of every wiring
)


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [WiringKind(name="$snake", title="$title")]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    names = ("$snake.wire_$snake", "$snake.wiring.wire_$snake")
    return [
        ScanRule(
            name="$snake.wirings",
            kind="$snake",
            calls=dict.fromkeys(names, PARAMETERS),
            read="$snake.scan:read_wiring",
        )
    ]


@hookimpl
def pikku_diagnostic_codes() -> list[DiagnosticCode]:
    return [
        DiagnosticCode(
            code="${code}001",
            title="A name that no line can begin with",
            explanation="A name is one word, so that a line has one reading.",
            example='wire_$snake(name="add up", func=add)',
            mended='wire_$snake(name="add_up", func=add)',
        )
    ]


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    return [
        ServeComponent(
            name="$snake",
            kind="$snake",
            serve="$snake.serve:serve",
            listens=True,
        )
    ]
'''

WIRING: Final = '''\
"""What users write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pikku_core import DeclarationError, Middleware, PermissionGroup, Wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class ${pascal}Wiring(Wiring):
    """A function behind a name."""

    kind: ClassVar[str] = "$snake"
    name: str

    @property
    def id(self) -> str:
        return f"$snake:{self.name}"


def wire_$snake(
    *,
    name: str,
    func: Callable[..., Any],
    auth: Literal[True] | None = None,
    scopes: Sequence[str] = (),
    permissions: PermissionGroup | None = None,
    middleware: Sequence[Middleware] = (),
    tags: Sequence[str] = (),
) -> ${pascal}Wiring:
    """Calls `func` for each line that begins with `name`.

    The other options are those of every wiring: see `pikku_core.Wiring`.
    """
    if not name.isidentifier():
        raise DeclarationError(f'"{name}" is not one word.')
    return ${pascal}Wiring(
        name=name,
        func=func,
        auth=auth,
        scopes=tuple(scopes),
        permissions=permissions,
        middleware=tuple(middleware),
        tags=tuple(tags),
    )
'''

SCAN: Final = '''\
"""One call of `wire_$snake` in, one wiring or diagnostic out."""

from __future__ import annotations

from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic


def read_wiring(site: CallSite) -> list[DeclarationModel | Diagnostic]:
    name = site.literal("name", str)
    if not name.isidentifier():
        hint = "Use letters, digits and underscores."
        return [site.diagnostic("${code}001", f'"{name}" is not one word.', hint=hint)]
    id = f"$snake:{name}"
    return [site.wiring(kind="$snake", id=id, meta={"name": name})]
'''
