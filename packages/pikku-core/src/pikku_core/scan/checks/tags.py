"""Tags of middleware and permissions: whether anything carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.nearest import nearest_name
from pikku_core.plugin.model import WiringModel
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from pikku_core.plugin.model import Project
    from pikku_core.scan.report import Report


def check_tags(project: Project, report: Report) -> None:
    """Reports declarations for a tag that no function and no wiring has: a misspelt one would guard nothing."""
    written = {found.tags for found in project.functions.values()}
    written |= {wiring.tags for wiring in project.wirings}
    carried = {tag for tags in written for tag in ancestry(tags)}
    for declaration in project.declarations:
        tag = declaration.tag
        if not tag or tag in carried or isinstance(declaration, WiringModel) or report.is_lost(tag):
            continue
        near = nearest_name(tag, sorted(carried))
        report.add(
            "PKU767",
            f'No function and no wiring has the tag "{tag}".'
            + (f' Is it "{near}"?' if near else ""),
            declaration.location,
            hint="What is declared for it never runs.",
        )
