from __future__ import annotations

import os
import py_compile
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
    import sys
    from pikku_core.fresh_import import import_from_source
    sys.path[:0] = [{root!r}, {root!r} + "/venv/site-packages"]
    import_from_source([{root!r}])
    import {module}
    print({module}.KIND)
"""


def edited_within_a_second(path: Path) -> None:
    """A module whose compiled code Python would take for that of its source."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('KIND = "int"\n')
    moment = path.stat().st_mtime_ns
    py_compile.compile(str(path), doraise=True)
    path.write_text('KIND = "str"\n')
    os.utime(path, ns=(moment, moment))


def imported(root: Path, module: str) -> str:
    program = dedent(PROGRAM).format(root=str(root), module=module)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", program]
    return subprocess.check_output(command, env=environment, text=True).strip()


def test_an_edit_of_the_same_size_and_second_is_imported(tmp_path: Path) -> None:
    edited_within_a_second(tmp_path / "models.py")
    assert imported(tmp_path, "models") == "str"


def test_a_package_is_imported_from_its_source(tmp_path: Path) -> None:
    edited_within_a_second(tmp_path / "shop/__init__.py")
    assert imported(tmp_path, "shop") == "str"


def test_nothing_compiled_is_kept(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text('KIND = "int"\n')
    imported(tmp_path, "models")
    assert not (tmp_path / "__pycache__").exists()


def test_what_is_installed_below_the_folder_keeps_its_compiled_code(tmp_path: Path) -> None:
    edited_within_a_second(tmp_path / "venv/site-packages/installed.py")
    assert imported(tmp_path, "installed") == "int"
