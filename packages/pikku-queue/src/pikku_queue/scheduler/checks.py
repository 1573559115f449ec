"""What is wrong with a project as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project

WORKING = frozenset({"queue", "scheduler"})
"""The kinds whose serve components make the calls that are to be made later."""


def worked_off(project: Project) -> Iterator[Diagnostic]:
    """PKU945: functions make calls later that nothing would ever make."""
    service = project.services.get("schedule")
    if service is None or not service.origin.module.startswith("pikku_queue."):
        return
    if any(each.kind in WORKING for each in project.declarations):
        return
    for function in project.functions.values():
        if any(parameter.provider == "schedule" for parameter in function.parameters):
            yield Diagnostic(
                code="PKU945",
                message=f'"{function.id}" asks for "schedule", and nothing in the project makes the calls.',
                location=function.location,
                hint="Wire a schedule or a queue: the process that serves it makes them.",
            )
