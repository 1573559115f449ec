"""`types/pikku_app/…`: what type checkers see as `pikku_app`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.environment_stubs import render_environment_stub
from pikku_core.codegen.functions import ANY
from pikku_core.codegen.layout import layout
from pikku_core.codegen.needed_by import DEFINITIONS
from pikku_core.codegen.rpc_stub import render_rpc_stub
from pikku_core.codegen.scope import Scope
from pikku_core.codegen.services_stub import render_services_stub
from pikku_core.codegen.wirings import kind_modules
from pikku_core.plugin.declarations import GeneratedFile
from pikku_core.plugin.expression import Constant, Name, Subscript, TupleDisplay
from pikku_core.plugin.spelling import spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.plugin.expression import Shared
    from pikku_core.plugin.model import Project

FOLDER: Final = "types/pikku_app"

RESERVED: Final = frozenset(
    {
        *("Config", "Final", "Path", "PathLike", "Rpc", "Secrets", "Services", "Session"),
        *("SyncRpc", "TypeAlias", "Variables"),
    }
)
HEAD: Final = """\
\"\"\"The generated types of this project.\"\"\"

from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias
"""
REEXPORTS: Final = """\
from pikku_app.rpc import Rpc as Rpc, SyncRpc as SyncRpc
from pikku_app.secrets import Secrets as Secrets
from pikku_app.services import Services as Services
from pikku_app.variables import Variables as Variables
"""
RUNTIME: Final = """\
directory: Final[Path]

def use(folder: str | PathLike[str]) -> Path: ...
"""


NO_EXPORTS: Final[Mapping[str, str]] = {}


def render_stubs(project: Project, exports: Mapping[str, str] = NO_EXPORTS) -> list[GeneratedFile]:
    """The stubs of the package, of `rpc`, services, secrets and variables, and one for each kind in use."""
    kinds = {
        module.kind: [wiring.id for wiring in module.wirings] for module in kind_modules(project)
    }
    stubs = {
        "__init__.pyi": _root_stub(project, exports),
        "py.typed": "",
        "rpc/__init__.pyi": render_rpc_stub(project),
        "services/__init__.pyi": render_services_stub(project),
        **{f"{kind}/__init__.pyi": _kind_stub(kind, wirings) for kind, wirings in kinds.items()},
        **{f"{kind}/__init__.pyi": render_environment_stub(project, kind) for kind in DEFINITIONS},
    }
    return [GeneratedFile(path=f"{FOLDER}/{path}", content=stubs[path]) for path in sorted(stubs)]


def _root_stub(project: Project, exports: Mapping[str, str]) -> str:
    """The names that users import; the session and the configuration are the project's own classes."""
    config = project.services.get("config")
    own = {"Config": config.provides if config else None, "Session": project.session}
    # Only an import under its own name is one that others may import from here.
    imports = {
        name: f"from {value.module} import {name} as {name}"
        for name, value in own.items()
        if isinstance(value, Name) and value.attribute == name
    }
    others = {name: value for name, value in own.items() if name not in imports}
    further = [f"from {exports[name]} import {name} as {name}\n" for name in sorted(exports)]
    scope = Scope(others.values(), taken=RESERVED | exports.keys(), given={ANY: "Any"})
    aliases = [f"{name}: TypeAlias = {spell(others[name] or ANY, scope)}" for name in others]
    return "\n".join(
        [
            HEAD,
            *scope.imports,
            *sorted(imports.values()),
            REEXPORTS + "".join(further),
            *aliases,
            "",
            RUNTIME,
        ]
    )


def _kind_stub(kind: str, wirings: Iterable[str]) -> str:
    docstring = f'"""The generated types of {kind}."""\n'
    ids = tuple(Constant(identity) for identity in wirings)
    if not ids:
        return docstring
    literal = Subscript(Name("typing", "Literal"), TupleDisplay(ids))
    statement = layout(literal, _literal, prefix="WiringId: TypeAlias = ")
    return f"{docstring}\nfrom typing import Literal, TypeAlias\n\n{statement}\n"


def _literal(name: Name | Shared) -> str:
    return name.attribute
