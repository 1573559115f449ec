"""`types/pikku_app/http/pikku_http_wirings_map_gen.pyi`: each route with the types of its data and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.expression import Constant
from pikku_core.plugin.spelling import modules_of, spell_constant, type_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project

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
        modules |= modules_of(data) | modules_of(function.result)
        key = spell_constant(f"{wiring.meta['method']} {wiring.meta['route']}")
        result = "Any" if function.result is None else type_key(function.result)
        rows.append(f"    {key}: Route[{type_key(data)}, {result}],\n")
    imports = "".join(f"import {module}\n" for module in sorted(modules))
    table = f'HttpWiringsMap = TypedDict("HttpWiringsMap", {{\n{"".join(rows)}}})\n'
    between = f"\n{imports}" if imports else ""
    yield GeneratedFile(path=MAP_PATH, content=f"{HEADING}{between}{ROUTE}{table}")
