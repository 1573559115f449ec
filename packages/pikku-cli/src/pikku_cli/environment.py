"""The secrets and variables of a project as its environment has them now: for `secrets`, `variables` and `doctor`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import typer

from pikku_cli.exits import CommandError
from pikku_cli.render.diagnostics import plural
from pikku_cli.render.json_output import show_json
from pikku_cli.render.table import show_table
from pikku_cli.server.application import load_app, refuse_stale
from pikku_core.errors import DeclarationError
from pikku_core.plugin import current_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.environment.resolve import Resolved
    from pikku_core.plugin import CommandContext

Kind: TypeAlias = Literal["secrets", "variables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What became of some definitions.

    Attributes:
        found: All of them, by name.
        failures: The sources that could not be read, each as a sentence.
    """

    found: Sequence[Resolved]
    failures: Sequence[str]

    @property
    def faults(self) -> list[str]:
        """What would keep the project from starting, each as a sentence."""
        needed = [one.fault for one in self.found if one.fault and one.record.needed_by]
        return [*needed, *self.failures]


def examine(context: CommandContext, kinds: Sequence[Kind]) -> Examined:
    """Reads the values of the generated project, as it would when it started; no service is started.

    Raises:
        CommandError: There are no generated files, they are stale, or a type cannot be read.
    """
    refuse_stale(context.settings)
    app = load_app(context)
    try:
        found, failures = asyncio.run(app.environment.examine(kinds))
    except DeclarationError as error:
        raise CommandError(str(error)) from error
    return Examined(found=sorted(found, key=lambda one: one.record.name), failures=failures)


def show_list(kind: Kind, *, as_json: bool) -> None:
    """Prints every definition of a kind, and what became of it."""
    examined = examine(current_command(), [kind])
    if as_json:
        _print_json(examined)
        return
    if not examined.found:
        typer.echo(f"The project declares no {kind}.")
    value = [] if kind == "secrets" else ["Value"]
    show_table(
        kind.title(),
        ["Name", "Key", "Type", "Status", *value, "Needed by"],
        [_cells(one) for one in examined.found],
    )
    for fault in [one.fault for one in examined.found if one.status == "malformed"]:
        typer.echo(fault)
    for failure in examined.failures:
        typer.echo(failure, err=True)


def show_check(kind: Kind, *, as_json: bool) -> None:
    """Prints what is missing or malformed of a kind.

    Raises:
        CommandError: Something is that the project needs.
    """
    examined = examine(current_command(), [kind])
    needed = sum(1 for one in examined.found if one.record.needed_by)
    if as_json:
        _print_json(examined)
    else:
        for fault in examined.faults:
            typer.echo(fault)
    if examined.faults:
        count = len(examined.faults)
        raise CommandError(
            f"The check failed: {plural(count, 'fault')} would keep the project from starting."
        )
    if not as_json:
        typer.echo(
            f"Checked {plural(len(examined.found), kind.removesuffix('s'))}: {needed} needed."
        )


def _print_json(examined: Examined) -> None:
    document = {"found": [_facts(one) for one in examined.found], "failures": examined.failures}
    show_json(document)


def _cells(one: Resolved) -> list[str]:
    status = f"set ({one.source})" if one.status == "set" else one.status
    shown = [] if one.record.is_secret else [_shown(one)]
    users = ", ".join(one.record.users) or "nobody"
    return [one.record.name, one.record.key, one.type_name, status, *shown, users]


def _facts(one: Resolved) -> dict[str, Any]:
    facts = {
        "name": one.record.name,
        "key": one.record.key,
        "type": one.type_name,
        "status": one.status,
        "source": one.source,
        "optional": one.record.optional,
        "description": one.definition.description,
        "docs_url": one.definition.docs_url,
        "fault": one.fault,
        "needed_by": one.record.users,
    }
    return facts if one.record.is_secret else {**facts, "value": _jsonable(one.value)}


def _shown(one: Resolved) -> str:
    return json.dumps(_jsonable(one.value)) if one.status in {"default", "set"} else ""


def _jsonable(value: Any) -> Any:
    from pydantic_core import from_json, to_json

    try:
        return from_json(to_json(value, fallback=str, inf_nan_mode="strings"))
    except ValueError:  # bytes that are no text, or what a serializer of the project's refuses
        return repr(value)
