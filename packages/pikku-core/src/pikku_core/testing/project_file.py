"""What the pytest plugin asks of the `pyproject.toml` of a test, before anything of Pikku is loaded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "pyproject.toml"
REQUIREMENT: Final = re.compile(r"pikku(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    """The nearest `pyproject.toml` of a test.

    Attributes:
        uses_pikku: Whether it has a table `[tool.pikku]` or requires one of Pikku's packages.
        source: The setting `source`, as far as it is one.
    """

    folder: Path
    uses_pikku: bool
    source: tuple[str, ...] = ()


@cache
def read_project_file(start: Path) -> ProjectFile | None:
    """The file in a folder or the nearest one above it; None where there is none that can be read."""
    folder = next((each for each in (start, *start.parents) if (each / FILE).is_file()), None)
    if folder is None:
        return None
    try:
        document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    settings: Any = _table(document.get("tool")).get("pikku")
    source: Any = _table(settings).get("source")
    return ProjectFile(
        folder=folder,
        uses_pikku=settings is not None or any(map(REQUIREMENT.match, _requirements(document))),
        source=tuple(map(str, cast("list[object]", source))) if isinstance(source, list) else (),
    )


def _requirements(document: Mapping[str, Any]) -> Iterator[str]:
    project = _table(document.get("project"))
    optional = _table(project.get("optional-dependencies"))
    groups = _table(document.get("dependency-groups"))
    for listed in (project.get("dependencies"), *optional.values(), *groups.values()):
        if isinstance(listed, list):
            yield from (each for each in cast("list[object]", listed) if isinstance(each, str))


def _table(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
