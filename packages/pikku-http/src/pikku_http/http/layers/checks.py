"""Checks of layers: whether each route has one of a kind at most that is as near as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, Project


def layers(project: Project) -> Iterator[Diagnostic]:
    """PKU898: two layers of one kind for one pattern."""
    first: dict[tuple[str, str], DeclarationModel] = {}
    for one in sorted(project.declarations, key=lambda each: (each.location, each.id)):
        if one.kind != "http" or "layer" not in one.meta:
            continue
        layer, pattern = str(one.meta["layer"]), str(one.meta["pattern"])
        other = first.setdefault((layer, pattern), one)
        if other is not one:
            yield Diagnostic(
                code="PKU898",
                message=f'The pattern "{pattern}" has two declarations of "{layer}".',
                location=one.location,
                hint="Keep one of them, or give one a longer pattern.",
                related=(other.location,),
            )
