"""Core's own filters: what the patterns of each flag are matched with."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pikku_core.select.target import deploy_target
from pikku_core.tags import ancestry

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import DeclarationModel
    from pikku_core.select.entry import Entry


def names(entry: Entry) -> list[str]:
    """The function's id, with and without its version; the wiring's, with and without its kind; its own name."""
    function, wiring = entry.function, entry.wiring
    found = [function.id, function.base, entry.id]
    if wiring is not None:
        found.append(wiring.id.removeprefix(f"{wiring.kind}:"))
        name = wiring.meta.get("name")
        if isinstance(name, str):
            found.append(name)
    return found


def tags(entry: Entry) -> list[str]:
    """The tags of wiring and function, and those above them."""
    wiring = entry.wiring
    return ancestry((*entry.function.tags, *(wiring.tags if wiring else ())))


def wires(entry: Entry) -> list[str]:
    """The kind of the wiring, or `rpc`."""
    return [entry.wire]


def directories(entry: Entry) -> list[str]:
    """The folder of the function's file."""
    return _folder(entry.function.location)


def declared_names(declaration: DeclarationModel) -> list[str]:
    """The declaration's id, with and without its kind."""
    return [declaration.id, declaration.id.removeprefix(f"{declaration.kind}:")]


def declared_tags(declaration: DeclarationModel) -> list[str]:
    """The tags of the declaration, and those above them."""
    return ancestry(declaration.tags)


def declared_wires(declaration: DeclarationModel) -> list[str]:
    """The kind of the declaration."""
    return [declaration.kind]


def declared_directories(declaration: DeclarationModel) -> list[str]:
    """The folder of the file that it stands in."""
    return _folder(declaration.location)


def target(entry: Entry) -> list[str]:
    """`server` or `serverless`."""
    return [deploy_target(entry.function, entry.needs, entry.settings)]


def _folder(location: Location) -> list[str]:
    folder = PurePosixPath(location.file).parent.as_posix()
    return [folder, f"./{folder}"]  # so that "." means everything, and "./app" what "app" means
