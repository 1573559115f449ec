"""`<kind>/pikku_<kind>_wirings_gen.py` and the like: declarations written out again, each in a factory of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_core.codegen.functions import injected
from pikku_core.codegen.module import Factory, render_module
from pikku_core.codegen.names import factory_names
from pikku_core.codegen.needed_by import needed_by
from pikku_core.codegen.scope import import_members
from pikku_core.codegen.services import used_callables
from pikku_core.codegen.shared import SharedValues, place_shared, shared_factories
from pikku_core.plugin.declarations import GeneratedFile
from pikku_core.plugin.expression import Shared
from pikku_core.plugin.model import DeclarationModel, Json, Project, WiringModel
from pikku_core.plugin.spelling import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_core.codegen.layout import JsonLike

SHARED_PATH: Final = "pikku_shared_gen.py"
CORE_PATHS: Final = {
    "middleware": "middleware/pikku_middleware_gen.py",
    "permissions": "permissions/pikku_permissions_gen.py",
    "secrets": "secrets/pikku_secrets_gen.py",
    "variables": "variables/pikku_variables_gen.py",
}
NOT_RUN: Final = frozenset({"addon"})
"""Kinds whose declarations the generated files already say all about."""

ROW = "dict[str, dict[str, Any]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindModule:
    """The generated module of one kind: what stands in it.

    Attributes:
        needed_by: Who reads each secret or variable; empty for other kinds.
        secret_keys: The keys that `variables` does not show; empty for other kinds than `secrets`.
    """

    kind: str
    path: str
    wirings: Sequence[WiringModel] = ()
    declarations: Sequence[DeclarationModel] = ()
    callables: Mapping[str, Json] = field(default_factory=dict[str, Json])
    needed_by: Mapping[str, Json] = field(default_factory=dict[str, Json])
    secret_keys: Sequence[str] = ()


def kind_modules(project: Project) -> list[KindModule]:
    """The modules of all kinds in use, sorted by kind."""
    wirings = {wiring.id: wiring for wiring in project.wirings}
    declarations = [each for each in project.declarations if not isinstance(each, WiringModel)]
    callables = _callables(project)
    kinds = {wiring.kind for wiring in wirings.values()} | {each.kind for each in declarations}
    kinds |= {kind for kind, rows in callables.items() if rows}
    if project.secret_keys:
        kinds.add("secrets")
    return [
        KindModule(
            kind=kind,
            path=CORE_PATHS.get(kind, f"{kind}/pikku_{kind}_wirings_gen.py"),
            wirings=[
                wirings[identity] for identity in sorted(wirings) if wirings[identity].kind == kind
            ],
            declarations=sorted((each for each in declarations if each.kind == kind), key=_order),
            callables=callables.get(kind, {}),
            needed_by=needed_by(project, kind),
            secret_keys=project.secret_keys if kind == "secrets" else (),
        )
        for kind in sorted(kinds - NOT_RUN)
    ]


def render_wirings(project: Project) -> list[GeneratedFile]:
    """The modules of all kinds in use, and the one of the values that they share."""
    modules = kind_modules(project)
    shared = place_shared(
        {
            module.path: [each.call for each in (*module.wirings, *module.declarations)]
            for module in modules
        }
    )
    files = [_render_kind(module, shared) for module in modules]
    return [*files, _render_shared(shared)] if shared.common else files


def _render_kind(module: KindModule, shared: SharedValues) -> GeneratedFile:
    everything = [*module.wirings, *module.declarations]
    names = factory_names({each.id: each.id.removeprefix(f"{module.kind}:") for each in everything})
    own = shared.own[module.path]
    borrowed = _borrowed(everything, shared)
    literals: list[tuple[str, str, JsonLike]] = []
    if module.wirings:
        rows = {wiring.id: _wiring_row(wiring, names[wiring.id]) for wiring in module.wirings}
        literals.append(("WIRINGS", ROW, rows))
    if module.callables:
        literals.append(("CALLABLES", ROW, module.callables))
    if module.declarations:
        declared = {
            each.id: _declaration_row(each, names[each.id], module.needed_by)
            for each in module.declarations
        }
        literals.append(("DECLARATIONS", ROW, declared))
    if module.secret_keys:
        literals.append(("SECRET_KEYS", "list[str]", list(module.secret_keys)))
    content = render_module(
        docstring=f"What is declared for {module.kind}.",
        imports=[
            *(["from functools import cache"] if own else []),
            f"from typing import {'TYPE_CHECKING, Any' if everything else 'Any'}",
            *(["", import_members("..pikku_shared_gen", borrowed)] if borrowed else []),
        ],
        typing_imports=_typing_imports(module),
        literals=literals,
        factories=[
            *shared_factories(own, shared.calls),
            *(
                Factory(
                    name=names[each.id],
                    returns="Wiring" if isinstance(each, WiringModel) else "Declaration",
                    value=each.call,
                    comment=str(each.location),
                )
                for each in everything
            ),
        ],
        shared=shared.calls,
    )
    return GeneratedFile(path=module.path, content=content)


def _render_shared(shared: SharedValues) -> GeneratedFile:
    content = render_module(
        docstring="Values that declarations of several kinds share.",
        imports=["from functools import cache", "from typing import Any"],
        factories=shared_factories(shared.common, shared.calls),
        shared=shared.calls,
    )
    return GeneratedFile(path=SHARED_PATH, content=content)


def _borrowed(declarations: Iterable[DeclarationModel], shared: SharedValues) -> list[str]:
    used = {
        (node.module, node.attribute)
        for each in declarations
        for node in walk(each.call)
        if isinstance(node, Shared)
    }
    return sorted(shared.calls[key].removesuffix("()") for key in used & set(shared.common))


def _typing_imports(module: KindModule) -> list[str]:
    names = [
        *(["Declaration"] if module.declarations else []),
        *(["Wiring"] if module.wirings else []),
    ]
    return [f"from pikku_core.declaration import {', '.join(names)}"] if names else []


def _order(declaration: DeclarationModel) -> tuple[str, int, int, str]:
    # Middleware of one priority runs in the order of declaration; "#10" comes after "#2".
    place = declaration.location
    return place.file, place.line, len(declaration.id), declaration.id


def _wiring_row(wiring: WiringModel, factory: str) -> dict[str, Json]:
    return {
        "factory": factory,
        "function": wiring.function,
        "tags": list(wiring.tags),
        "auth": wiring.auth,
        "scopes": list(wiring.scopes),
        **({"implied": True} if wiring.implied else {}),
        **wiring.meta,
    }


def _declaration_row(
    declaration: DeclarationModel, factory: str, needed_by: Mapping[str, Json]
) -> dict[str, Json]:
    row: dict[str, Json] = {"factory": factory, "tag": declaration.tag, **declaration.meta}
    if declaration.id in needed_by:
        row["needed_by"] = needed_by[declaration.id]
    return row


def _callables(project: Project) -> dict[str, dict[str, Json]]:
    rows: dict[str, dict[str, Json]] = {"middleware": {}, "permissions": {}}
    permissions = {
        key for each in (*project.wirings, *project.declarations) for key in each.permissions
    } | {key for function in project.functions.values() for key in function.permissions}
    for key in used_callables(project):
        model = project.callables[key]
        row: dict[str, Json] = {"kind": model.kind.value, **injected(model.parameters)}
        if key in permissions:
            rows["permissions"][key] = {**row, "data": model.data is not None}
        else:
            rows["middleware"][key] = row
    return rows
