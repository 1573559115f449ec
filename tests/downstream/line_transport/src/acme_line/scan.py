"""Reads `wire_line` calls in a project's source, and checks what only the whole project can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acme_line.protocol import PING, VERB
from pikku_core.plugin import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import CallSite, DeclarationModel, Project


def read_wiring(site: CallSite) -> list[DeclarationModel | Diagnostic]:
    """One call of `wire_line`. Core sees to the function, the common options and a verb that is used twice."""
    verb = site.literal("verb", str)
    if not VERB.fullmatch(verb):
        message = f'The verb "{verb}" is not made of upper-case letters.'
        return [site.diagnostic("ACM001", message, hint='Write it like "ADD".')]
    if verb == PING:
        message = f'The verb "{verb}" is answered by the server itself.'
        return [site.diagnostic("ACM002", message, hint="Take another.")]
    return [site.wiring(kind="line", id=f"line:{verb}", meta={"verb": verb})]


def check_objects(project: Project) -> Iterator[Diagnostic]:
    """Every verb's function must take an object, or nothing: what follows a verb is `{…}`."""
    for wiring in project.wirings:
        if wiring.kind != "line":
            continue
        data = project.data_type(wiring.function)
        if data is not None and data.fields is None:
            yield Diagnostic(
                code="ACM003",
                message=f'The data of "{wiring.function}" is "{data.key}", which is no JSON object.',
                location=wiring.location,
                hint="Give the function a model as its data.",
            )
