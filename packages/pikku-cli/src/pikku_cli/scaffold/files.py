"""The files of something new: drafted whole before the first one is written, and never over another."""

from __future__ import annotations

import ast
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.nearest import nearest_name
from pikku_core.plugin.contributions import described
from pikku_core.plugin.naming import UnknownNameError
from pikku_core.plugin.target import TargetError, resolve

if TYPE_CHECKING:
    from pikku_core.plugin import Naming, Template

Draft = Mapping[str, str]
"""The text of each file, by its path, POSIX, relative to the folder that it is written to."""

Files = Callable[["Naming"], Iterable[tuple[str, str]]]
"""What a template's target is."""


def draft(template: Template, naming: Naming, *, plugin: str = "") -> Draft:
    """What a template writes, sorted by path.

    Args:
        plugin: Whose template it is, for what is said of its faults.

    Raises:
        CommandError: The template cannot be imported, raises, or would write outside the folder, or one file twice, or a module
            that is no Python or that hides what it imports.
    """
    try:
        files: Files = resolve(template.files)
    except TargetError as error:
        raise CommandError(f'The template "{template.name}" cannot be used: {error}') from error
    drafted: dict[str, str] = {}
    for path, text in _given(template, files, naming, plugin):
        parts = PurePosixPath(path).parts
        if not parts or parts[0] == "/" or ".." in parts or path in drafted:
            raise CommandError(
                f'The template "{template.name}" writes "{path}": it may write each file once, '
                "below the folder that it is for."
            )
        if path.endswith(".py"):
            _check_module(template, naming, path, text)
        drafted[path] = text
    return dict(sorted(drafted.items()))


def _given(template: Template, files: Files, naming: Naming, plugin: str) -> list[tuple[str, str]]:
    """What the template's function gives; whatever it raises is said in one sentence."""
    owner = f' of the plugin "{plugin}"' if plugin else ""
    where = f'The template "{template.name}"{owner}'
    try:
        return list(files(naming))
    except UnknownNameError as error:
        near = nearest_name(error.name, error.known)
        listed = ", ".join(f'"${name}"' for name in error.known)
        hint = f'did you mean "${near}"?' if near else f'the names are {listed}, and "$$" is "$".'
        raise CommandError(
            f'{where} has a text with the unknown name "${error.name}": {hint}'
        ) from error
    except Exception as error:
        raise CommandError(f"{where} raised {described(error)}.") from error


def with_packages(drafted: Draft, root: Path, folder: str) -> Draft:
    """Adds the `__init__.py` that folders on the way to a module lack.

    Args:
        folder: That of the package which the modules are for. Where it has no `__init__.py` itself, it is a namespace
            package, and what is below it too.
    """
    if (root / folder).is_dir() and not (root / folder / "__init__.py").is_file():
        return drafted
    base = PurePosixPath(folder)
    added: dict[str, str] = {}
    for path in map(PurePosixPath, drafted):
        if path.suffix == ".py" and path.is_relative_to(base):
            inner = [parent for parent in path.parents if parent.is_relative_to(base)]
            wanted = [(parent / "__init__.py").as_posix() for parent in inner]
            added |= {one: "" for one in wanted if not (root / one).exists()}
    return dict(sorted({**added, **drafted}.items()))


def refuse_taken(drafted: Draft, root: Path) -> None:
    """Refuses to write over files, or beside a module that would be hidden by a package of its name.

    Raises:
        CommandError: It names all that is in the way.
    """
    taken = [path for path in drafted if os.path.lexists(root / path)]
    if taken:
        listed = ", ".join(f'"{path}"' for path in taken)
        raise CommandError(f"Nothing was written, for this is there already: {listed}.")
    for path in map(PurePosixPath, drafted):
        for package in path.parents[:-1]:
            module = package.with_suffix(".py")
            if (root / module).is_file():
                raise CommandError(
                    f'Nothing was written: the package "{package}" would hide the module "{module}".'
                )
        if path.suffix == ".py" and (root / path.with_suffix("")).is_dir():
            raise CommandError(
                f'Nothing was written: the module "{path}" has the name of a package beside it.'
            )


def write(drafted: Draft, root: Path) -> None:
    """Writes all of the files, or none.

    Raises:
        CommandError: One cannot be written, or has come into being meanwhile.
    """
    made: list[Path] = []
    try:
        for path, text in drafted.items():
            file = root / path
            for parent in reversed([parent for parent in file.parents if not parent.exists()]):
                parent.mkdir()
                made.append(parent)
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                made.append(file)
                opened.write(text)
    except OSError as error:
        for one in reversed(made):
            if one.is_dir():
                one.rmdir()
            else:
                one.unlink()
        raise CommandError(
            f'Nothing was written, for "{error.filename}" cannot be: {error.strerror}.'
        ) from error


def _check_module(template: Template, naming: Naming, path: str, text: str) -> None:
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        raise CommandError(
            f'The template "{template.name}" writes "{path}", which is no Python: {error}.'
        ) from error
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = Counter(alias.asname or alias.name for node in imports for alias in node.names)
    hidden = imported.keys() & {
        node.name
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    # What else is bound twice is none of the name's doing unless it is one of its forms.
    twice = {name for name, count in imported.items() if count > 1 or name in _bound(module)}
    hidden |= twice & {naming.snake, naming.pascal, naming.function}
    if hidden:
        message = f'"{min(hidden)}" would hide what "{path}" imports: choose another name.'
        raise CommandError(message, ExitCode.USAGE)


def _bound(module: ast.Module) -> set[str]:
    """The names that anything in a module binds, imports aside."""
    bound: set[str] = set()
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.add(name)
            case _:
                pass
    return bound
