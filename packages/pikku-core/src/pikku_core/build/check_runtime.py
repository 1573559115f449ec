"""Comparing what a project's wirings declare when they are imported with what the scan found in them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.codegen import codes
from pikku_core.codegen.files import write_files
from pikku_core.codegen.plan import package_files, render_core
from pikku_core.plugin.diagnostics import Diagnostic, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.build.runtime_child import Difference, Request
    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry


def runtime_differences(
    project: Project, root: Path, *, registry: Registry, paths: Sequence[str]
) -> list[Diagnostic]:
    """Where the scan and Python itself disagree about a project.

    The modules with wirings are imported in a process of their own, and so is what would be generated: both must
    declare the same. Functions are compared by the parameters and options that their real objects have.

    Args:
        root: The project's folder.
        paths: The folders that its imports start from.
    """
    with tempfile.TemporaryDirectory(prefix="pikku-check-") as folder:
        files = render_core(project)
        write_files(Path(folder), [*files, *package_files([file.path for file in files])])
        request: Request = {
            "root": str(root),
            "paths": list(paths),
            "generated": folder,
            "modules": _modules(project, root, registry),
        }
        done = subprocess.run(
            [sys.executable, "-m", "pikku_core.build.runtime_child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=root,
            check=False,
        )
    try:
        differences: list[Difference] = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return [_diagnostic(f"The process that imports the wirings ended: {last}", None)]
    known = {each.id: each.location for each in (*project.wirings, *project.declarations)}
    known |= {each.id: each.location for each in project.functions.values()}
    return [
        _diagnostic(
            each["message"],
            Location(each["file"], each["line"]) if each["file"] else known.get(each["about"]),
        )
        for each in differences
    ]


def _modules(project: Project, root: Path, registry: Registry) -> list[str]:
    """The project's modules that declare something, or look as if they did."""
    declared = {each.location.file for each in (*project.wirings, *project.declarations)}
    calls = {
        call.rpartition(".")[2] for rule in registry.scan_rules.values() for call in rule.calls
    }
    words = [call.encode() for call in sorted(calls)]
    found: list[str] = []
    for module, file in sorted(project.modules.items()):
        path = root / file
        if path.is_file():
            text = path.read_bytes()
            if file in declared or any(word in text for word in words):
                found.append(module)
    return found


def _diagnostic(message: str, location: Location | None) -> Diagnostic:
    return Diagnostic(code=codes.RUNTIME_DIFFERS.code, message=message, location=location)
