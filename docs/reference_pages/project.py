"""The project model: what checks, generators and commands of a plugin read, and what rules make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import callsite, diagnostics, expression, model, naming, spelling
from reference_pages.markdown import class_outline, docstring, fragment, members, page, signature

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry

INTRODUCTION = (
    "A `ProjectCheck`, a `Generator` and a `DoctorCheck` are given a `Project`: everything that the scan found, linked "
    "and frozen. A `ScanRule` reads one `CallSite` at a time. All of it is in `pikku_core.plugin`, but for expressions, "
    "which are in `pikku_core.plugin.expression`, and what writes them out, in `pikku_core.plugin.spelling`. "
    "[Writing a plugin](../plugins.md) has a check that runs."
)
SECTIONS: tuple[tuple[str, tuple[type[object], ...]], ...] = (
    (
        "The project",
        (
            model.Project,
            model.FunctionModel,
            model.Parameter,
            model.WiringModel,
            model.DeclarationModel,
            model.ServiceModel,
            model.CallableModel,
            model.TypeModel,
            model.FieldModel,
            model.AddonModel,
            model.CallableKind,
        ),
    ),
    ("What is reported", (diagnostics.Diagnostic, diagnostics.Location, diagnostics.Severity)),
    ("What a scan rule reads", (callsite.CallSite,)),
    ("What a template is asked for", (naming.Naming,)),
)
NODES = tuple(
    one
    for one in vars(expression).values()
    if isinstance(one, type) and one.__module__ == expression.__name__
)
EXPRESSIONS = (
    "Annotations, arguments and calls are kept as expressions whose names are resolved: `Name` says which module defines "
    "what is named, after following re-exports and aliases. An `Expression` is one of these:"
)
SPELLING = (spelling.type_key, spelling.walk, spelling.spell, spelling.spell_arguments)


def render(_: Registry) -> str:
    """The page."""
    parts = [INTRODUCTION]
    for title, kinds in SECTIONS:
        parts += [f"## {title}", *(part for kind in kinds for part in described(kind))]
    parts += ["## Expressions", EXPRESSIONS]
    parts += [
        part
        for node in NODES
        for part in (f"### {node.__name__}", class_outline(node), docstring(node))
    ]
    parts.append("## Reading and writing expressions")
    for function in SPELLING:
        outline = fragment(f"def {function.__name__}{signature(function)}")
        parts += [f"### {function.__name__}", outline, docstring(function)]
    return page("The project model", *parts)


def described(kind: type[object]) -> list[str]:
    """A class: its outline, what its docstring says, and what those of its properties and methods say."""
    said = [f"- `{name}`: {in_line(docstring(member))}" for name, member in members(kind)]
    return [f"### {kind.__name__}", class_outline(kind), docstring(kind), "\n".join(said)]


def in_line(text: str) -> str:
    """A docstring as one paragraph, what it raises included."""
    return " ".join(text.split()).replace("Raises: - ", "Raises ")
