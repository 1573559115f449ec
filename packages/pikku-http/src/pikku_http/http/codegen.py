"""`types/pikku_app/http/pikku_http_wirings_map_gen.pyi`: each route with the types of its data and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.expression import Constant, Name
from pikku_core.plugin.spelling import spell, spell_constant, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project
    from pikku_core.plugin.expression import Expression, Shared

MAP_PATH: Final = "types/pikku_app/http/pikku_http_wirings_map_gen.pyi"

HEADING: Final = '''"""The routes of this project: what each takes and what it gives."""

from typing import Any, Generic, TypedDict, TypeVar
'''

ROUTE: Final = """
Data = TypeVar("Data")
Result = TypeVar("Result")

class Route(Generic[Data, Result]):
    data: Data
    result: Result

"""


def render_map(project: Project) -> Iterator[GeneratedFile]:
    """The map of the HTTP wirings, for type checkers: `HttpWiringsMap["get /users/{id}"]`."""
    wirings = [wiring for wiring in project.wirings if wiring.kind == "http"]
    rows: list[str] = []
    modules: set[str] = set()
    for wiring in sorted(wirings, key=lambda one: one.id):
        function = project.functions[wiring.function]
        data = Constant(None) if function.data is None else function.data
        modules |= {*_modules(data), *_modules(function.result)}
        key = spell_constant(f"{wiring.meta['method']} {wiring.meta['route']}")
        rows.append(f"    {key}: Route[{_spelled(data)}, {_spelled(function.result)}],\n")
    imports = "".join(f"import {module}\n" for module in sorted(modules))
    table = f'HttpWiringsMap = TypedDict("HttpWiringsMap", {{\n{"".join(rows)}}})\n'
    between = f"\n{imports}" if imports else ""
    yield GeneratedFile(path=MAP_PATH, content=f"{HEADING}{between}{ROUTE}{table}")


def _modules(expression: Expression | None) -> Iterator[str]:
    for part in walk(expression):
        if isinstance(part, Name) and part.module != "builtins":
            yield part.module


def _spelled(expression: Expression | None) -> str:
    return "Any" if expression is None else spell(expression, _qualified)


def _qualified(name: Name | Shared) -> str:
    if isinstance(name, Name) and name.module == "builtins":
        return name.attribute
    return f"{name.module}.{name.attribute}".rstrip(".")
