"""Checks of a whole project: what clients send against what functions take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.nearest import nearest_name
from pikku_core.plugin import Diagnostic
from pikku_mcp.uri import is_template, optional_variables_of, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import Project, WiringModel
    from pikku_core.plugin.model import FieldModel


def resources(project: Project) -> Iterator[Diagnostic]:
    """PKU962: a variable is no field of the data, or a field that is required no variable."""
    for wiring in _of(project, "resource"):
        fields = _fields(project, wiring)
        if fields is None:
            continue
        uri = str(wiring.meta["uri"])
        names = variables_of(uri)
        unknown = [name for name in names if name not in fields]
        for name in unknown:
            yield _diagnostic(
                wiring,
                f'The variable "{name}" of "{uri}" is no field of the data of "{wiring.function}".',
                _proposal(name, fields),
            )
        filled = {fields[name].name for name in names if name in fields}
        always = {
            fields[name].name
            for name in set(names) - set(optional_variables_of(uri))
            if name in fields
        }
        for field in {one.name: one for one in fields.values()}.values():
            if unknown or not field.required or field.name in always:
                continue
            if project.functions[wiring.function].data_optional and not filled:
                continue
            said = "may be left out of" if field.name in filled else "is no variable of"
            yield _diagnostic(
                wiring,
                f'The field "{field.name}" of the data of "{wiring.function}" is required, and {said} "{uri}".',
                "Make it a variable of the path, or give the field a default.",
            )


def prompts(project: Project) -> Iterator[Diagnostic]:
    """PKU963: the data of a prompt has no fields."""
    for wiring in _of(project, "prompt"):
        data = project.data_type(wiring.function)
        if data is not None and data.fields is None:
            yield Diagnostic(
                code="PKU963",
                message=f'The data of the prompt "{wiring.meta["name"]}" is no object: "{data.key}".',
                location=wiring.location,
                hint="Make it a model whose fields are the arguments.",
            )


def completions(project: Project) -> Iterator[Diagnostic]:
    """PKU964: a completion is of no argument."""
    prompts = {str(one.meta["name"]): one for one in _of(project, "prompt")}
    templates = {
        str(one.meta["uri"]): one
        for one in _of(project, "resource")
        if is_template(str(one.meta["uri"]))
    }
    for wiring in _of(project, "completion"):
        of, argument = str(wiring.meta["of"]), str(wiring.meta["argument"])
        known: set[str]
        if of in prompts:
            fields = _fields(project, prompts[of])
            known = {argument} if fields is None else set(fields)
        elif of in templates:
            known = set(variables_of(of))
        else:
            yield _completion(
                wiring, f'There is no prompt or template "{of}".', [*prompts, *templates], of
            )
            continue
        if argument not in known:
            yield _completion(wiring, f'"{of}" has no argument "{argument}".', known, argument)


def _completion(
    wiring: WiringModel, message: str, known: list[str] | set[str], name: str
) -> Diagnostic:
    near = nearest_name(name, sorted(known))
    return Diagnostic(
        code="PKU964",
        message=message,
        location=wiring.location,
        hint=f'Did you mean "{near}"?' if near else "Name one that is wired.",
    )


def _of(project: Project, type_: str) -> list[WiringModel]:
    found = [one for one in project.wirings if one.kind == "mcp" and one.meta["type"] == type_]
    return sorted(found, key=lambda one: one.id)


def _fields(project: Project, wiring: WiringModel) -> Mapping[str, FieldModel] | None:
    """The fields of a wiring's data by all their names; None where nothing is known of them."""
    if project.functions[wiring.function].data is None:
        return {}
    data = project.data_type(wiring.function)
    if data is None or data.fields is None:
        return None
    return {name: one for one in data.fields for name in (one.name, *one.aliases)}


def _proposal(name: str, fields: Mapping[str, FieldModel]) -> str:
    near = nearest_name(name, sorted(fields))
    return f'Did you mean "{near}"?' if near else "Give the data such a field."


def _diagnostic(wiring: WiringModel, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code="PKU962", message=message, location=wiring.location, hint=hint)
