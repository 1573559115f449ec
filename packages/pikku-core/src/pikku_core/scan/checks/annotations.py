"""Annotations that Python evaluates when it imports a module: whether the names in them are there by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.facts import FOR_CHECKERS

if TYPE_CHECKING:
    from pikku_core.scan.link import Linker
    from pikku_core.scan.marks import Marked


def check_annotations(linker: Linker) -> None:
    """Reports names that only type checkers have, in annotations that are evaluated."""
    for module in linker.modules.parsed():
        for marked in linker.marks.of(module):
            if marked.facts["evaluated"]:
                _check(marked, linker)


def _check(marked: Marked, linker: Linker) -> None:
    for name, line in marked.facts["evaluated"]:
        bindings = marked.module.facts["bindings"].get(name, [])
        if name in marked.facts["type_parameters"] or not bindings:
            continue
        if all(binding[2] == FOR_CHECKERS for binding in bindings):
            why = "is imported for type checkers only"
        elif not marked.facts["context"] and min(found[1] for found in bindings) > line:
            why = f"is bound only on line {bindings[0][1]}"
        else:
            continue
        linker.report.add(
            "PKU768",
            f'"{name}" {why}, and this annotation is evaluated when the module is imported.',
            marked.module.at(line),
            hint='Add "from __future__ import annotations" as its first statement.',
        )
