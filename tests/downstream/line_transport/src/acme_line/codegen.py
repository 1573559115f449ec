"""Writes `.pikku/line/line-verbs.gen.json`; the wirings themselves are written by core, as for every kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pikku_core.plugin import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project


def render_verbs(project: Project) -> Iterator[GeneratedFile]:
    """Every verb with its function and the JSON Schema of its data."""
    verbs = {}
    for wiring in project.wirings:
        if wiring.kind == "line":
            data = project.data_type(wiring.function)
            verbs[str(wiring.meta["verb"])] = {
                "function": wiring.function,
                "data": data and data.input_schema,
            }
    content = json.dumps(verbs, indent=2, sort_keys=True) + "\n"
    yield GeneratedFile(path="line/line-verbs.gen.json", content=content)
