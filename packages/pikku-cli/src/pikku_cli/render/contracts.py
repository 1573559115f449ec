"""Contracts that do not agree with those that are recorded: each field, and everything that relies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pikku_cli.render.diagnostics import line
from pikku_cli.render.terminal import show
from pikku_core.plugin import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.contracts import Finding


class ChangeFacts(TypedDict):
    """A field that is different: `direction` is `input` or `output`, `was` and `now` are empty where there is none."""

    direction: str
    field: str
    change: str
    was: str
    now: str
    breaks: bool


class AffectedFacts(TypedDict):
    """What relies on a function: `kind` is `wiring`, `function`, `service`, `callable` or `client`."""

    kind: str
    id: str
    place: str
    through: str


class FindingFacts(TypedDict):
    """One thing that does not agree; `place` is empty where there is none."""

    code: str
    function: str
    version: int
    message: str
    hint: str
    place: str
    breaks: bool
    changes: list[ChangeFacts]
    affected: list[AffectedFacts]


def finding_facts(findings: Sequence[Finding]) -> list[FindingFacts]:
    """Findings for programs."""
    return [
        {
            "code": found.code,
            "function": found.id,
            "version": found.version,
            "message": found.message,
            "hint": found.hint,
            "place": "" if found.location is None else str(found.location),
            "breaks": found.breaks,
            "changes": [
                {
                    "direction": str(change.direction),
                    "field": change.field,
                    "change": change.text,
                    "was": change.was,
                    "now": change.now,
                    "breaks": change.breaks,
                }
                for change in found.changes
            ],
            "affected": [
                {
                    "kind": each.kind,
                    "id": each.id,
                    "place": str(each.location),
                    "through": each.through,
                }
                for each in found.affected
            ],
        }
        for found in findings
    ]


def show_findings(findings: Sequence[Finding]) -> None:
    """Prints each finding, and below it what is different and what relies on it."""
    for found in findings:
        show(line(_head(found)))
        for change in found.changes:
            show(f"  {change.direction} {change}{' (breaks callers)' if change.breaks else ''}")
        for each in found.affected:
            if each.kind == "client":
                show(f"  clients call {each.id} by name")
            else:
                through = "" if each.through == found.id else f", through {each.through}"
                what = "wiring" if each.kind == "wiring" else f"called by {each.kind}"
                show(f"  {what} {each.id}, {each.location}{through}")


def _head(found: Finding) -> Diagnostic:
    return Diagnostic(
        code=found.code, message=found.message, location=found.location, hint=found.hint
    )
