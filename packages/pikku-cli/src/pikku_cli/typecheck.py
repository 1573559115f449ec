"""`pikku check --types`: a type checker reads a module in which every function is called with what it is given."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from pikku_cli.exits import CommandError
from pikku_core.plugin import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pikku_core.build import TypesModule
    from pikku_core.plugin import Project
    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

CODE: Final = "PKU790"
FILE: Final = "pikku_check_types.py"

_MYPY_LINE: Final = re.compile(r"^(?P<file>.+?):(?P<line>\d+): error: (?P<message>.+)$")


def type_errors(project: Project, settings: Settings, registry: Registry) -> list[Diagnostic]:
    """What the installed type checker finds, at the function, service or permission that is given the wrong type.

    mypy, with the project's own configuration, is taken where it is installed, else pyright.

    Raises:
        CommandError: Neither is installed, it did not run, or the folder of generated files cannot be written.
    """
    from pikku_core.build import check_types_module
    from pikku_core.sources import import_roots

    module = check_types_module(project, registry)
    file = settings.out_path / ".cache" / "check" / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(module.text, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f'"{file.parent}", where a type checker reads, cannot be written: {error.strerror}.'
        ) from error
    paths = [*import_roots(settings.root, settings.source), str(settings.out_path / "types")]
    if find_spec("mypy") is not None:
        found = _mypy(file, settings.root, paths)
    elif find_spec("pyright") is not None:
        found = _pyright(file, settings.root, paths)
    else:
        raise CommandError(
            'There is no type checker: install "mypy" or "pyright" to run "pikku check --types".'
        )
    diagnostics = [_diagnostic(module, line, message) for line, message in found]
    return sorted(diagnostics, key=lambda one: (str(one.location), one.message))


def _diagnostic(module: TypesModule, line: int, message: str) -> Diagnostic:
    return Diagnostic(code=CODE, message=message, location=module.places.get(line))


def _mypy(file: Path, root: Path, paths: list[str]) -> Iterator[tuple[int, str]]:
    options = ("--no-error-summary", "--no-pretty", "--no-color-output", "--hide-error-context")
    environment = os.environ | {"MYPYPATH": os.pathsep.join(paths)}
    done = _run("mypy", *options, str(file), root=root, environment=environment)
    if done.returncode not in {0, 1}:
        raise CommandError(f"mypy did not run: {_last_line(done.stdout + done.stderr)}")
    for text in done.stdout.splitlines():
        match = _MYPY_LINE.match(text)
        if match and match["file"].endswith(FILE):
            yield int(match["line"]), match["message"]


def _pyright(file: Path, root: Path, paths: list[str]) -> Iterator[tuple[int, str]]:
    # pyright leaves hidden folders out, even files in them that it is told to read, unless its configuration says so.
    configuration = {"include": [file.name], "exclude": [], "extraPaths": paths}
    (file.parent / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    options = ("--outputjson", "--pythonpath", sys.executable, "--project", str(file.parent))
    done = _run("pyright", *options, root=root, environment=dict(os.environ))
    try:
        output: dict[str, Any] = json.loads(done.stdout)
        found: list[Any] = output["generalDiagnostics"]
    except (ValueError, KeyError) as error:
        raise CommandError(f"pyright did not run: {_last_line(done.stderr)}") from error
    if not output["summary"]["filesAnalyzed"]:
        raise CommandError(f'pyright did not read "{file}".')
    for one in found:
        if one["severity"] == "error" and one["file"].endswith(FILE):
            yield one["range"]["start"]["line"] + 1, " ".join(one["message"].split())


def _run(
    tool: str, *arguments: str, root: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(  # noqa: S603 - this interpreter, with arguments that are written here
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
