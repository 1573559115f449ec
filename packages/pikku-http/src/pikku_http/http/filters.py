"""What routes are chosen by, and which declarations mean those that are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin import DeclarationModel, WiringModel
    from pikku_core.select import Entry


def routes(entry: Entry) -> list[str] | None:
    """The route, of a function that is exposed those by which it is called; nothing is said of other wirings."""
    return _of_http(entry, "route")


def methods(entry: Entry) -> list[str] | None:
    """The method; nothing is said of wirings of other kinds."""
    return _of_http(entry, "method")


def declared_routes(declaration: DeclarationModel) -> list[str] | None:
    """The prefix of what is mounted."""
    prefix = declaration.meta.get("prefix")
    return None if prefix is None else [str(prefix)]


def concerns(declaration: DeclarationModel, wirings: Sequence[WiringModel]) -> bool:
    """Whether middleware is declared for one of the routes; anything else is for all of them."""
    if "pattern" not in declaration.meta:
        return bool(wirings)
    pattern = pattern_regex(str(declaration.meta["pattern"]))
    return any(pattern.fullmatch(str(wiring.meta["route"])) for wiring in wirings)


def _of_http(entry: Entry, fact: str) -> list[str] | None:
    wirings = entry.implied if entry.wiring is None else [entry.wiring]
    return [str(wiring.meta[fact]) for wiring in wirings if wiring.kind == "http"] or None
