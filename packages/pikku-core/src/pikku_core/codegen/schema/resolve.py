"""From a project's annotations to its types: from the cache where possible, else from the schema process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pikku_core.codegen.schema.cache import CachedType, Fingerprints, SchemaCache
from pikku_core.codegen.schema.exchange import IMPORTING, Answer, Request, TypeRequest
from pikku_core.codegen.schema.report import report_defaults, report_effects, report_failures
from pikku_core.codegen.schema.uses import TypeUse, type_uses
from pikku_core.codegen.scope import Scope
from pikku_core.plugin.expression import Name
from pikku_core.plugin.model import FieldModel, Project, TypeModel
from pikku_core.plugin.spelling import spell, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pikku_core.codegen.schema.exchange import Described
    from pikku_core.plugin.diagnostics import Diagnostic

TIMEOUT: Final = 300.0
"""Seconds after which the schema process is ended: a module waits for something while it is imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTypes:
    """The types of a project by key, and what was wrong with others."""

    types: Mapping[str, TypeModel] = field(default_factory=dict[str, TypeModel])
    diagnostics: tuple[Diagnostic, ...] = ()


class SchemaProcessError(Exception):
    """The schema process ended without an answer."""


def resolve_types(
    project: Project,
    *,
    root: Path,
    paths: Sequence[str],
    cache: Path | None = None,
    adapters: Sequence[str] = (),
) -> ResolvedTypes:
    """The types of a project's functions. No process is started where all of them are known.

    Args:
        root: The project's folder.
        paths: The folders that the project's imports start from.
        cache: The folder of the cache; None keeps nothing.
        adapters: The targets of the plugins' schema adapters.

    Raises:
        SchemaProcessError: A module killed the process, or kept it waiting.
    """
    uses = type_uses(project)
    kept, prints = SchemaCache(cache), Fingerprints(project, root, adapters)
    marks = {use.key: prints.of(_modules(use)) for use in uses}
    missing = [use for use in uses if not _is_known(kept, use, marks[use.key])]
    answer = Answer(types={}, failures={}, effects=[])
    if missing:
        answer = ask(
            Request(
                root=str(root),
                paths=list(paths),
                adapters=list(adapters),
                types=[_request(use) for use in missing],
            )
        )
        for use in missing:
            kept.types.pop(use.key, None)
            if use.key in answer["types"]:
                described = answer["types"][use.key]
                kept.types[use.key] = CachedType(fingerprint=marks[use.key], described=described)
    effects = kept.remember(
        answer["effects"],
        imported_now=_files(project, prints, missing),
        imported=_files(project, prints, uses),
    )
    kept.save()
    known = {key: cached["described"] for key, cached in kept.types.items()}
    return ResolvedTypes(
        types={use.key: _model(use, known[use.key]) for use in uses if use.key in known},
        diagnostics=(
            *report_failures(uses, answer["failures"]),
            *report_defaults(uses, known),
            *report_effects(effects),
        ),
    )


def ask(request: Request) -> Answer:
    """Runs the schema process.

    Raises:
        SchemaProcessError: It ended without an answer.
    """
    import subprocess  # Only a run that has something to import needs it.

    command = [sys.executable, "-m", "pikku_core.codegen.schema.child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by this interpreter
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=request["root"],
            timeout=TIMEOUT,
            check=True,
        )
        answer: Answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        where, _ = _last_words(error.stderr or b"")
        raise SchemaProcessError(f"did not end within {TIMEOUT:.0f} seconds{where}") from error
    except subprocess.CalledProcessError as error:
        where, last = _last_words(error.stderr)
        raise SchemaProcessError(
            f"ended with status {error.returncode}{where}: {last}".rstrip(": ")
        ) from error
    except ValueError as error:
        raise SchemaProcessError("ended without an answer") from error
    return answer


def _last_words(stderr: bytes) -> tuple[str, str]:
    """What the process was doing when it ended, and the last that it printed."""
    lines = stderr.strip(b"\n").split(b"\n")
    begun = [line.removeprefix(IMPORTING) for line in lines if line.startswith(IMPORTING)]
    printed = [line for line in lines if not line.startswith(IMPORTING)]
    where = f' while it imported "{begun[-1].decode(errors="replace")}"' if begun else ""
    return where, printed[-1].decode(errors="replace").strip() if printed else ""


def _modules(use: TypeUse) -> set[str]:
    names = {node for node in walk(use.expression) if isinstance(node, Name)}
    return {name.module for name in names if name.module != "builtins"}


def _is_known(cache: SchemaCache, use: TypeUse, fingerprint: str) -> bool:
    known = cache.types.get(use.key)
    return (
        known is not None
        and known["fingerprint"] == fingerprint
        and set(use.modes) <= known["described"]["schemas"].keys()
        and use.defaults.keys() <= known["described"].get("defaults", {}).keys()
    )


def _request(use: TypeUse) -> TypeRequest:
    scope = Scope([use.expression])
    imports = {local: (name.module, name.attribute) for name, local in scope.bindings.items()}
    return TypeRequest(
        key=use.key,
        imports=imports,
        code=spell(use.expression, scope),
        modes=list(use.modes),
        defaults=sorted(use.defaults),
    )


def _files(project: Project, prints: Fingerprints, uses: Iterable[TypeUse]) -> dict[str, str]:
    """The project's files that importing some types reads, each with its hash."""
    modules = {name for use in uses for module in _modules(use) for name in prints.closure(module)}
    return {project.modules[name]: prints.digest(name) for name in modules & set(project.modules)}


def _model(use: TypeUse, described: Described) -> TypeModel:
    fields = described["fields"]
    return TypeModel(
        key=use.key,
        name=use.name,
        input_schema=described["schemas"].get("validation") if use.inputs else None,
        output_schema=described["schemas"].get("serialization") if use.outputs else None,
        fields=None
        if fields is None
        else tuple(
            FieldModel(
                name=each["name"],
                aliases=tuple(each["aliases"]),
                required=each["required"],
                kind=each["kind"],
            )
            for each in fields
        ),
    )
