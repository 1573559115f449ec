"""Secrets: whether only those ask for them that may."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.model import Parameter, Project
    from pikku_core.scan.link import Linker
    from pikku_core.scan.marks import Marked


def check_secrets(project: Project, linker: Linker) -> None:
    """Reports functions and permissions that ask for `secrets`."""
    for id_, function in project.functions.items():
        _check("function", linker.functions.marked(id_), function.parameters, linker)
    for key, callable_ in project.callables.items():
        marked = linker.callables.marked[key]
        if marked.mark == "pikku_permission":
            _check("permission", marked, callable_.parameters, linker)


def _check(what: str, marked: Marked, parameters: Iterable[Parameter], linker: Linker) -> None:
    for parameter in parameters:
        if parameter.provider.rpartition(":")[2] == "secrets":
            linker.report.add(
                "PKU950",
                f'The {what} "{marked.facts["name"]}" asks for "secrets".',
                marked.place(parameter.name),
                hint="Let a service do what needs the secret, and ask for the service.",
            )
