"""The views of `pikku info`: facts of a project, each with the tables that show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import typer

from pikku_cli.render import project as facts
from pikku_cli.render.access import access, in_words
from pikku_cli.render.layers import short
from pikku_cli.render.table import show_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin import Project
    from pikku_core.plugin.registry import Registry

Cell: TypeAlias = Callable[[Any], str]


class View(StrEnum):
    """A part of what is known of a project."""

    FUNCTIONS = "functions"
    WIRINGS = "wirings"
    SERVICES = "services"
    TAGS = "tags"
    MIDDLEWARE = "middleware"
    PERMISSIONS = "permissions"
    SECRETS = "secrets"
    VARIABLES = "variables"


FIRST: Final = (View.FUNCTIONS, View.WIRINGS, View.SERVICES)
"""What is shown where no view is asked for."""


def view_facts(view: View, project: Project, registry: Registry) -> Any:
    """The facts of a view, JSON-serialisable."""
    return FACTS[view](project, registry)


def show_view(view: View, found: Any) -> None:
    """Prints the facts of a view as tables, or that there are none.

    Args:
        found: What `view_facts` gave.
    """
    if not found and view not in FIRST:
        typer.echo(f"The project has no {view}.")
    elif view is View.WIRINGS:
        for kind, wirings in found.items():
            _show(kind, view, wirings)
    else:
        _show(view.title(), view, found)


def _show(title: str, view: View, found: Iterable[Any]) -> None:
    columns = COLUMNS[view]
    rows = [[cell(row) for cell in columns.values()] for one in found for row in _rows(view, one)]
    show_table(title, list(columns), rows)


def _rows(view: View, one: Any) -> list[Any]:
    """The rows of one fact: middleware has one for each way in that it stands round."""
    if view is not View.MIDDLEWARE:
        return [one]
    around: dict[str, list[str]] = one["around"] or {"nothing": []}
    return [{**one, "way": way, "levels": levels} for way, levels in around.items()]


def _listed(name: str) -> Cell:
    return lambda one: ", ".join(one[name])


def _keys(name: str) -> Cell:
    return lambda one: ", ".join(map(short, one[name]))


def _flag(name: str, yes: str, no: str = "") -> Cell:
    return lambda one: yes if one[name] else no


_DEFINITION: Final[Mapping[str, Cell]] = {
    "Name": itemgetter("name"),
    "Key": itemgetter("key"),
    "Type": itemgetter("type"),
    "Optional": _flag("optional", "optional"),
    "Place": itemgetter("place"),
    "Needed by": lambda one: (
        ", ".join(name for names in one["needed_by"].values() for name in names) or "nobody"
    ),
}
COLUMNS: Final[Mapping[View, Mapping[str, Cell]]] = {
    View.FUNCTIONS: {
        "Function": itemgetter("id"),
        "Place": itemgetter("place"),
        "Session": _flag("needs_session", "session"),
        "Services": _listed("services"),
        "Tags": _listed("tags"),
    },
    View.WIRINGS: {
        "Wiring": lambda one: one["id"].partition(":")[2],
        "Function": itemgetter("function"),
        "Place": itemgetter("place"),
    },
    View.SERVICES: {
        "Service": itemgetter("id"),
        "Scope": itemgetter("scope"),
        "Place": itemgetter("place"),
        "Used by": lambda one: ", ".join(one["used_by"]) or "nobody",
    },
    View.TAGS: {
        "Tag": itemgetter("tag"),
        "Functions": _listed("functions"),
        "Wirings": _listed("wirings"),
        "Middleware": _keys("middleware"),
        "Permissions": _keys("permissions"),
    },
    View.MIDDLEWARE: {
        "Middleware": lambda one: short(one["key"]),
        "Place": itemgetter("place"),
        "Around": itemgetter("way"),
        "By": _listed("levels"),
    },
    View.PERMISSIONS: {
        "Way in": itemgetter("id"),
        "Function": itemgetter("function"),
        "Session": _flag("session", "needed"),
        "Read-only": _flag("readonly", "allowed", "refused"),
        "Scopes": lambda one: " ".join(one["scopes"]),
        "Permissions": lambda one: in_words(one["permissions"]),
    },
    View.SECRETS: _DEFINITION,
    View.VARIABLES: _DEFINITION,
}
"""The columns of each view, each with what makes its cell of a row."""

FACTS: Final[Mapping[View, Callable[[Project, Registry], Any]]] = {
    View.FUNCTIONS: lambda project, _: facts.functions(project),
    View.WIRINGS: lambda project, _: facts.wirings(project),
    View.SERVICES: lambda project, _: facts.services(project),
    View.TAGS: lambda project, _: facts.tags(project),
    View.MIDDLEWARE: facts.middleware,
    View.PERMISSIONS: access,
    View.SECRETS: lambda project, _: facts.definitions(project, "secrets"),
    View.VARIABLES: lambda project, _: facts.definitions(project, "variables"),
}
"""What gathers the facts of each view."""
