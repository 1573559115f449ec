"""`schemas/…`: the JSON Schema of each data type, and the register of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.json_text import json_text
from pikku_core.codegen.module import render_module
from pikku_core.plugin.declarations import GeneratedFile

if TYPE_CHECKING:
    from pikku_core.plugin.model import Json, Project, TypeModel

REGISTER: Final = "schemas/register_gen.py"


def render_schemas(project: Project) -> list[GeneratedFile]:
    """A file per type, another for its output where that is not the same, and the register."""
    files: list[GeneratedFile] = []
    register: dict[str, dict[str, str]] = {}
    for key in sorted(project.types):
        type_ = project.types[key]
        row = {"type": key}
        for direction, name, schema in _schemas(type_):
            row[direction] = f"schemas/{name}.schema.json"
            if schema is not None:
                files.append(
                    GeneratedFile(path=f"schemas/{row[direction]}", content=json_text(schema))
                )
        register[type_.name] = row
    content = render_module(
        docstring="The JSON Schemas of the data types, by name: what is accepted and what is written.",
        literals=[("SCHEMAS", "dict[str, dict[str, str]]", register)],
    )
    return [*files, GeneratedFile(path=REGISTER, content=content)] if register else []


def _schemas(type_: TypeModel) -> list[tuple[str, str, Json]]:
    """Direction, name and schema of each file; None for a schema that another file already has."""
    if type_.output_schema is None:
        return [("input", type_.name, type_.input_schema)]
    if type_.input_schema is None:
        return [("output", type_.name, type_.output_schema)]
    if type_.input_schema == type_.output_schema:
        return [("input", type_.name, type_.input_schema), ("output", type_.name, None)]
    return [
        ("input", type_.name, type_.input_schema),
        ("output", f"{type_.name}.output", type_.output_schema),
    ]
