"""The setting `outputs`: generated files that lie elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pikku_core.build.outputs import clash
from pikku_core.codegen import codes
from pikku_core.nearest import nearest_name
from pikku_core.plugin.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pikku_core.plugin.declarations import GeneratedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The files with their final paths, relative to the folder of generated files."""

    files: tuple[GeneratedFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def move_files(
    files: Mapping[str, GeneratedFile], outputs: Mapping[str, str], *, root: Path, out: Path
) -> Moved:
    """Gives files the paths that `outputs` says.

    Args:
        outputs: The setting: paths in the project by paths of generated files.
    """
    diagnostics = [
        _refuse(path, files) for path in outputs if path not in files or path.endswith(".py")
    ]
    placed: dict[str, str] = {}
    moved: list[GeneratedFile] = []
    for path in sorted(files):
        target = path
        if path in outputs and not path.endswith(".py"):
            target = os.path.relpath(root / outputs[path], out).replace(os.sep, "/")
        if target in placed:
            diagnostics.append(clash(target, f'"{placed[target]}"', f'"{path}"'))
        placed[target] = path
        moved.append(replace(files[path], path=target))
    return Moved(
        files=tuple(sorted(moved, key=lambda file: file.path)), diagnostics=tuple(diagnostics)
    )


def _refuse(path: str, files: Mapping[str, GeneratedFile]) -> Diagnostic:
    if path in files:
        message = (
            f'"{path}" cannot be moved by the setting "outputs": the runtime loads it with others.'
        )
        hint = 'Move all of them with the setting "out".'
    else:
        near = nearest_name(path, files)
        message = f'The setting "outputs" names "{path}", which is no generated file.'
        hint = f'Did you mean "{near}"?' if near else "Remove it."
    return Diagnostic(code=codes.OUTPUT_SETTING.code, message=message, hint=hint)
