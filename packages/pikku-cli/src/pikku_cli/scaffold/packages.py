"""Which package of a project something new goes into."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.scaffold.names import check_package_name
from pikku_core.nearest import nearest_name
from pikku_core.sources import MissingSourceError, list_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.settings import Settings


def folder_of(settings: Settings, asked: str | None) -> tuple[str, str]:
    """The package that is asked for, or the only one of the project; and its folder, relative to the project, POSIX.

    Raises:
        CommandError: The project has no such package, none at all, or several to choose from.
    """
    found = packages(settings)
    if asked is not None:
        if asked in found:
            return asked, found[asked]
        if not found and not settings.source:
            package = check_package_name(asked).package
            return package, f"src/{package}" if (settings.root / "src").is_dir() else package
        near = nearest_name(asked, found)
        hint = f'Did you mean "{near}"?' if near else f"The packages are {_listed(found)}."
        raise CommandError(f'The project has no package "{asked}". {hint}', ExitCode.USAGE)
    tops = [package for package in found if package.rpartition(".")[0] not in found]
    if len(tops) == 1:
        return tops[0], found[tops[0]]
    if tops:
        message = f'The project has the packages {_listed(tops)}: choose one with "--package".'
        raise CommandError(message, ExitCode.USAGE)
    raise CommandError(
        'The project has no package yet: name a new one with "--package".', ExitCode.USAGE
    )


def packages(settings: Settings) -> dict[str, str]:
    """The folder of every package of the project's source, by dotted name, sorted.

    Raises:
        CommandError: The setting `source` names what does not exist.
    """
    try:
        sources = list_sources(settings.root, settings.source)
    except MissingSourceError as error:
        raise CommandError(
            f'"source" of "pyproject.toml" names "{error.entry}", which is not there.'
        ) from error
    entries = [
        path if (settings.root / path).is_dir() else path.parent
        for path in map(PurePosixPath, settings.source or ["."])
    ]
    found: dict[str, str] = {}
    for source in sources:
        name = source.module if source.is_package else source.module.rpartition(".")[0]
        folder = PurePosixPath(source.file).parent
        while name and any(map(folder.is_relative_to, entries)):
            found.setdefault(name, folder.as_posix())
            name, folder = name.rpartition(".")[0], folder.parent
    for entry in settings.source:  # one that has no module yet
        parts = PurePosixPath(entry.removeprefix("src/")).parts
        if parts and parts != ("src",) and (settings.root / entry).is_dir():
            found.setdefault(".".join(parts), entry)
    return dict(sorted(found.items()))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names) or "none"
