"""The tools of functions that say `mcp=True`, as the scan adds them to those that are wired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.expression import Call, Constant, Name
from pikku_core.plugin.model import WiringModel
from pikku_core.version import newest_versions
from pikku_mcp.wiring import name_problem, tool_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.model import Project
    from pikku_core.settings import Settings


def read_marked(project: Project, _settings: Settings) -> Iterator[WiringModel | Diagnostic]:
    """A tool for each function that is marked; of one that has versions the newest, by the name without it."""
    newest = set(newest_versions(project.functions).values())
    for identity, function in sorted(project.functions.items()):
        if not function.mcp or (function.version and identity not in newest):
            continue
        name = function.base.replace(":", ".")
        problem = name_problem("tool", name)
        if problem:
            yield Diagnostic(
                code="PKU960",
                message=problem,
                location=function.location,
                hint="Give the function a name that a tool can have.",
            )
            continue
        yield WiringModel(
            kind="mcp",
            id=tool_id(name),
            location=function.location,
            function=identity,
            call=Call(
                Name("pikku_mcp", "wire_mcp_tool"),
                keywords=(("name", Constant(name)), ("func", function.origin)),
            ),
            meta={"type": "tool", "name": name},
            implied=True,
        )
