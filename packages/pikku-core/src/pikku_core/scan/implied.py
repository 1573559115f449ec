"""Wirings that no call stands for: those by which a kind lets clients call what is exposed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.fault import fault_place
from pikku_core.plugin.target import resolve
from pikku_core.scan.report import diagnostic

if TYPE_CHECKING:
    from pikku_core.plugin.declarations import WiringKind
    from pikku_core.plugin.model import DeclarationModel, Project, WiringModel
    from pikku_core.plugin.registry import Registry
    from pikku_core.scan.report import Report
    from pikku_core.settings import Settings


def with_implied(
    project: Project, *, registry: Registry, settings: Settings, report: Report
) -> Project:
    """The project with the wirings of its exposed functions, of every kind in use that serves them."""
    used = {each.kind for each in project.declarations}
    is_any_exposed = any(function.expose for function in project.functions.values())
    kinds = [
        kind
        for name, kind in registry.wiring_kinds.items()
        if kind.marked or (is_any_exposed and name in used)
    ]
    known = {wiring.id: wiring for wiring in project.wirings}
    found: list[WiringModel] = []
    for each in [each for kind in kinds for each in _asked(kind, project, settings)]:
        if isinstance(each, Diagnostic):
            report.take(each)
        elif each.id in known:
            report.add(
                "PKU726",
                f'"{each.id}" is wired, and "{each.function}" is exposed there too.',
                known[each.id].location,
                hint="Keep one of the two: take the wiring away, or the option of the function.",
                related=[each.location],
            )
        else:
            known[each.id] = each if each.implied else replace(each, implied=True)
            found.append(known[each.id])
    return replace(
        project,
        wirings=tuple(sorted((*project.wirings, *found), key=_order)),
        declarations=tuple(sorted((*project.declarations, *found), key=_order)),
    )


def _asked(
    kind: WiringKind, project: Project, settings: Settings
) -> list[WiringModel | Diagnostic]:
    if kind.exposed is None:
        return []
    try:
        return list(resolve(kind.exposed)(project, settings))
    except Exception as error:  # noqa: BLE001 -- a plugin may raise anything
        place = fault_place(error)
        return [
            diagnostic(
                "PKU780",
                f'The "exposed" of the kind "{kind.name}" raised "{type(error).__name__}: {error}".',
                None,
                hint="Turn the plugin off and report it.",
                related=[] if place is None else [place],
            )
        ]


def _order(declaration: DeclarationModel) -> tuple[str, str]:
    return declaration.kind, declaration.id
