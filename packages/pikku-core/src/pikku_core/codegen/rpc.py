"""`rpc/…`: under which name each function is called from within the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.module import render_module
from pikku_core.plugin.declarations import GeneratedFile

if TYPE_CHECKING:
    from pikku_core.plugin.model import Project

PATH: Final = "rpc/pikku_rpc_wirings_meta_internal_gen.py"


def render_rpc(project: Project) -> GeneratedFile:
    """The table of `rpc`: attribute chain to function id."""
    table = {name: project.rpc_names[name] for name in sorted(project.rpc_names)}
    content = render_module(
        docstring="The functions by their name under `rpc`.",
        literals=[("RPC", "dict[str, str]", table)],
    )
    return GeneratedFile(path=PATH, content=content)
