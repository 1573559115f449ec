"""What is reported of types: those without a schema, and modules that act while they are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.codegen import codes
from pikku_core.plugin.diagnostics import Diagnostic, Location, Severity
from pikku_core.plugin.model import DeclarationModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.codegen.schema.exchange import Described, Failure
    from pikku_core.codegen.schema.import_effects import Effect
    from pikku_core.codegen.schema.uses import TypeUse


def report_failures(uses: Iterable[TypeUse], failures: Mapping[str, Failure]) -> list[Diagnostic]:
    """One diagnostic per type without a schema; one per module that raised, however many types it defines."""
    diagnostics: list[Diagnostic] = []
    raised: set[str] = set()
    undefined: set[Location | None] = set()
    for use in uses:
        failure = failures.get(use.key)
        if failure is None or failure["module"] in raised:
            continue
        if failure["module"]:
            raised.add(failure["module"])
            diagnostics.append(_import_raised(use, failure))
        elif failure["reason"] == "typed_dict":
            diagnostics.append(_typed_dict(use))
        elif failure["reason"] == "undefined":
            missing = _undefined(use, failure)
            # Each type that holds the one with the annotation fails like it.
            if missing.location not in undefined:
                undefined.add(missing.location)
                diagnostics.append(missing)
        else:
            diagnostics.append(_no_schema(use, failure))
    return diagnostics


def report_defaults(
    uses: Iterable[TypeUse], described: Mapping[str, Described]
) -> list[Diagnostic]:
    """One diagnostic per variable whose default is no value of its type."""
    return [
        Diagnostic(
            code=codes.WRONG_DEFAULT.code,
            message=f'The default of the variable "{variable.id}" does not fit its type "{use.key}": {fault}.',
            location=variable.place("default"),
            hint=f"It is {default}: give it a value of the type, or the variable another type.",
        )
        for use in uses
        if use.key in described
        for default, fault in described[use.key].get("defaults", {}).items()
        if fault
        for variable in use.defaults.get(default, ())
    ]


def report_effects(effects: Iterable[Effect]) -> list[Diagnostic]:
    """A warning for each thing that a module did to the outside while it was imported."""
    return [
        Diagnostic(
            code=codes.IMPORT_EFFECT.code,
            message=f'Importing "{effect["file"]}" {effect["what"]}.',
            location=Location(effect["file"], effect["line"]),
            hint="Do it in a service, or keep the data types in a module that does not import this one.",
            severity=Severity.WARNING,
        )
        for effect in effects
    ]


def _import_raised(use: TypeUse, failure: Failure) -> Diagnostic:
    places = _places(use)
    inside = Location(failure["file"], failure["line"]) if failure["file"] else None
    return Diagnostic(
        code=codes.IMPORT_RAISED.code,
        message=f'Importing "{failure["module"]}" for the type "{use.key}" of {_users(use)} raised '
        f'"{failure["message"]}".',
        location=inside or places[0],
        hint="Data types must be importable on their own: keep them in a module that imports little.",
        related=places if inside else places[1:],
    )


def _typed_dict(use: TypeUse) -> Diagnostic:
    places = _places(use)
    return Diagnostic(
        code=codes.TYPED_DICT.code,
        message=f'The type "{use.key}" of {_users(use)} is or holds a TypedDict from "typing", which Python '
        "before 3.12 does not describe fully.",
        location=places[0],
        hint='Import TypedDict from "typing_extensions".',
        related=places[1:],
    )


def _undefined(use: TypeUse, failure: Failure) -> Diagnostic:
    places = _places(use)
    inside = Location(failure["file"], failure["line"]) if failure["file"] else None
    name = failure["message"]
    return Diagnostic(
        code=codes.NO_SCHEMA.code,
        message=f'The type "{use.key}" of {_users(use)} has no schema: an annotation names "{name}", which is not '
        "defined when its module is imported.",
        location=inside or places[0],
        hint=f'Import or define "{name}" there, at run time and not only under TYPE_CHECKING, or mend its spelling.',
        related=places if inside else places[1:],
    )


def _no_schema(use: TypeUse, failure: Failure) -> Diagnostic:
    places = _places(use)
    return Diagnostic(
        code=codes.NO_SCHEMA.code,
        message=f'The type "{use.key}" of {_users(use)} has no schema: {failure["message"]}',
        location=places[0],
        hint="Use a pydantic model, a dataclass, a TypedDict or a type made of these.",
        related=places[1:],
    )


def _users(use: TypeUse) -> str:
    first = (*use.inputs, *use.outputs)[0]
    if isinstance(first, DeclarationModel):
        return f'"{first.id}" of the {first.kind}'
    part = "data" if use.inputs else "result"
    return f'the {part} of "{first.id}"'


def _places(use: TypeUse) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(user.location for user in (*use.inputs, *use.outputs)))
