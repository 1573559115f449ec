"""Where a type names what its module does not define."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.codegen.schema.import_effects import in_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType


def place_of(name: str, root: str, modules: Iterable[str]) -> tuple[str, int]:
    """The annotation of a class that names what its module lacks: its file, POSIX in the project, and its line.

    Pydantic tells the name and not the class, so the source of the project's imported modules is searched.

    Args:
        modules: Those that are searched first.

    Returns:
        An empty file where the name stands in none of the project's.
    """
    for module in dict.fromkeys([*modules, *sorted(sys.modules)]):
        loaded = sys.modules.get(module)
        file = getattr(loaded, "__file__", None)
        place = in_project(file, root) if file else ""
        if loaded is not None and place and not hasattr(loaded, name):
            line = next(_lines(name, loaded), 0)
            if line:
                return place, line
    return "", 0


def _lines(name: str, module: ModuleType) -> Iterator[int]:
    """The lines of the fields whose annotations name something."""
    tree = ast.parse(Path(str(module.__file__)).read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and name in _names(field.annotation):
                    yield field.lineno


def _names(annotation: ast.expr) -> Iterator[str]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                yield from _names(ast.parse(node.value, mode="eval").body)
            except SyntaxError:  # a text that is no annotation, such as one of `Literal`
                continue
