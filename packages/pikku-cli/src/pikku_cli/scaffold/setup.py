"""What `pikku init` does to a folder, worked out before anything is written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pikku_cli.exits import CommandError
from pikku_cli.scaffold.packages import packages
from pikku_cli.scaffold.project_file import ProjectFile, line_end
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PYPROJECT = "pyproject.toml"
IGNORE = ".gitignore"


@dataclass(slots=True, kw_only=True)
class Setup:
    """What is to become of a folder.

    Attributes:
        texts: The new text of each file that changes.
        added: What is added, by file.
        left: What a person has to do, a sentence each.
    """

    texts: dict[str, str] = field(default_factory=dict[str, str])
    added: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    left: list[str] = field(default_factory=list[str])


def set_up(root: Path) -> Setup:
    """Works out what a folder lacks to be a project whose generated types are found.

    Raises:
        CommandError: Its `pyproject.toml` is not TOML, or one above is a project's already.
    """
    _refuse_inner(root)
    setup = Setup()
    project = _read(root / PYPROJECT)
    before = project.text
    _add_settings(project, root, setup)
    out = str((project.get("tool.pikku") or {}).get("out", ".pikku"))
    _add_mypy(project, root, f"{out}/types", setup)
    _add_pyright(project, root, f"{out}/types", setup)
    if project.text != before:
        setup.texts[PYPROJECT] = project.text
    _add_ignored(root, out, setup)
    return setup


def _add_settings(project: ProjectFile, root: Path, setup: Setup) -> None:
    if project.get("tool.pikku") is not None:
        return
    found = packages(Settings(root=root))
    source = [folder for package, folder in found.items() if "." not in package]
    _add(project, "tool.pikku", {"source": source} if source else {}, setup)


def _add_mypy(project: ProjectFile, root: Path, types: str, setup: Setup) -> None:
    for name in ("mypy.ini", ".mypy.ini"):
        text = _text(root / name)
        if text is not None:
            if types not in text:
                setup.left.append(f'Add "mypy_path = {types}" to "{name}".')
            return
    table = project.get("tool.mypy")
    if table is None:
        # A table in pyproject.toml would make mypy read nothing of this one.
        text = _text(root / "setup.cfg") or ""
        if re.search(r"^\[mypy\]", text, re.MULTILINE):
            if types not in text:
                setup.left.append(f'Add "mypy_path = {types}" to "setup.cfg".')
            return
    given: Any = (table or {}).get("mypy_path")
    if given is None:
        _add(project, "tool.mypy", {"mypy_path": types}, setup)
    elif types not in str(given):
        setup.left.append(f'Add "{types}" to "mypy_path" of "tool.mypy" in "{PYPROJECT}".')


def _add_pyright(project: ProjectFile, root: Path, types: str, setup: Setup) -> None:
    name = "pyrightconfig.json"
    text = _text(root / name)
    if text is not None:
        if types not in text:
            setup.left.append(f'Add "{types}" to "extraPaths" in "{name}".')
        return
    given: Any = (project.get("tool.pyright") or {}).get("extraPaths")
    if given is None:
        _add(project, "tool.pyright", {"extraPaths": [types]}, setup)
    elif types not in given:
        setup.left.append(f'Add "{types}" to "extraPaths" of "tool.pyright" in "{PYPROJECT}".')


def _add_ignored(root: Path, out: str, setup: Setup) -> None:
    text = _text(root / IGNORE) or ""
    if re.search(rf"^/?{re.escape(out)}/?\s*$", text, re.MULTILINE):
        return
    end = line_end(text)
    above = f"{text.rstrip()}{end}" if text.strip() else ""
    setup.texts[IGNORE] = f"{above}{out}/{end}"
    setup.added[IGNORE] = [f"{out}/"]


def _add(
    project: ProjectFile, table: str, values: Mapping[str, str | list[str]], setup: Setup
) -> None:
    names = [f"{table}.{key}" for key in values] or [table]
    if project.add(table, dict(values)):
        setup.added.setdefault(PYPROJECT, []).extend(names)
    else:
        setup.left.append(f'Add "{names[0]}" to "{PYPROJECT}": nothing can be put into "{table}".')


def _refuse_inner(root: Path) -> None:
    for folder in root.parents:
        file = folder / PYPROJECT
        if not file.is_file():
            continue
        if (root / PYPROJECT).is_file() or _read(file).get("tool.pikku") is None:
            return
        raise CommandError(f'"{folder}" is a project already, and "{root}" is in it.')


def _read(file: Path) -> ProjectFile:
    try:
        return ProjectFile(_text(file) or "")
    except tomllib.TOMLDecodeError as error:
        raise CommandError(f'"{file}" is not TOML: {error}.') from error


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")  # line ends stay as they are
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f'"{file}" cannot be read: {error}.') from error
