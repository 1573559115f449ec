"""Checks of a whole project: routes against each other and against the types of their functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pikku_core.plugin import Diagnostic, Severity
from pikku_core.plugin.expression import Constant
from pikku_http.http.bodies.options import BODILESS
from pikku_http.http.route import Route, parse_route
from pikku_http.http.wiring import pattern_regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import DeclarationModel, Project, WiringModel


def routes(project: Project) -> Iterator[Diagnostic]:
    """PKU747: two routes of one method match the same paths."""
    seen: dict[tuple[str, str], WiringModel] = {}
    for wiring in _wirings(project):
        shape = (_text(wiring, "method"), _route(wiring).shape)
        first = seen.setdefault(shape, wiring)
        if first.id != wiring.id:
            yield Diagnostic(
                code="PKU747",
                message=f'The routes "{_text(first, "route")}" and "{_text(wiring, "route")}" match the same paths.',
                location=wiring.location,
                hint="Write one of them otherwise.",
                related=(first.location,),
            )


def sources(project: Project) -> Iterator[Diagnostic]:
    """PKU571, PKU572, PKU748: what path and query string bring has a field in the data to go to."""
    for wiring in _wirings(project):
        names = [("PKU571", "route", name) for name in _route(wiring).names]
        names += [("PKU572", "query", name) for name in _query(wiring)]
        function = project.functions[wiring.function]
        data = project.data_type(wiring.function)
        if function.data_name and data is None:
            continue  # That it has no type, or what is wrong with that, is reported.
        if data is not None and data.fields is None:
            if names or _text(wiring, "method") in BODILESS:
                yield Diagnostic(
                    code="PKU748",
                    message=f'The data of "{function.id}" has no fields that path and query string could fill.',
                    location=wiring.location,
                    hint="Make it a model, a dataclass or a TypedDict.",
                    related=(function.location,),
                )
            continue
        if not names:
            continue
        fields = () if data is None else data.fields or ()
        known = sorted({key for field in fields for key in (field.name, *field.aliases)})
        for code, source, name in names:
            if name not in known:
                has = f"it has {_listed(known)}" if known else "the function takes no data"
                yield Diagnostic(
                    code=code,
                    message=f'The name "{name}" of the {source} is no field of the data of "{function.id}": {has}.',
                    location=wiring.location,
                    hint=f'Rename it, or add a field "{name}".',
                    related=(function.location,),
                )


def answers(project: Project) -> Iterator[Diagnostic]:
    """PKU744: a status without a body on a function with a result."""
    for wiring in _wirings(project):
        function = project.functions[wiring.function]
        status = wiring.meta["status"]
        if status in {204, 205} and function.result not in {None, Constant(None)}:
            yield Diagnostic(
                code="PKU744",
                message=f'The status {status} has no body, but the function "{function.id}" has a result.',
                location=wiring.location,
                hint="Leave the status out, or let the function return None.",
                related=(function.location,),
            )


def declarations(project: Project) -> Iterator[Diagnostic]:
    """PKU746, PKU749, PKU798: more than one renderer of errors; patterns that match no route."""
    texts = [_text(wiring, "route") for wiring in _wirings(project)]
    # A file that cannot be read may have the routes.
    incomplete = any(found.code == "PKU701" for found in project.diagnostics)
    first: DeclarationModel | None = None
    for declaration in sorted(project.declarations, key=lambda one: (one.location, one.id)):
        if declaration.kind != "http":
            continue
        if declaration.meta["type"] == "errors":
            if first is not None:
                yield Diagnostic(
                    code="PKU746",
                    message='There are two declarations of "http_errors": a project has one.',
                    location=declaration.location,
                    hint="Take one of them away.",
                    related=(first.location,),
                )
            first = first or declaration
        elif declaration.meta["type"] in {"middleware", "permissions"}:
            pattern = _text(declaration, "pattern")
            matches = pattern_regex(pattern).fullmatch
            if not incomplete and not any(map(matches, texts)):
                yield _unmatched(declaration, pattern)


def _unmatched(declaration: DeclarationModel, pattern: str) -> Diagnostic:
    guards = declaration.meta["type"] == "permissions"
    return Diagnostic(
        code="PKU798" if guards else "PKU749",
        message=f'The pattern "{pattern}" matches no route.',
        location=declaration.location,
        hint="Its permissions guard nothing." if guards else "Its middleware never runs.",
        severity=Severity.ERROR if guards else Severity.WARNING,
    )


def _wirings(project: Project) -> list[WiringModel]:
    found = (wiring for wiring in project.wirings if wiring.kind == "http")
    return sorted(found, key=lambda one: (one.location.file, one.location.line, one.id))


def _text(declaration: DeclarationModel, key: str) -> str:
    return str(declaration.meta[key])


def _route(wiring: WiringModel) -> Route:
    return parse_route(_text(wiring, "route"))


def _query(wiring: WiringModel) -> list[str]:
    return cast("list[str]", wiring.meta["query"])


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
