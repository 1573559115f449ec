"""What a project says of itself: its name, its version, its licence."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pikku_core.plugin.model import Json


def read_metadata(root: Path) -> Mapping[str, Json]:
    """The table `[project]` of a folder's `pyproject.toml`; empty where there is no such file, or no such table."""
    file = root / "pyproject.toml"
    if not file.is_file():
        return {}
    table = tomllib.loads(file.read_text(encoding="utf-8")).get("project")
    return cast("Mapping[str, Json]", table) if isinstance(table, dict) else {}
