"""Explanations of `pikku info --why`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import typer

from pikku_cli.render.table import show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.select import Explanation
    from pikku_core.select.explanation import Way

SHOWN: Final = 10
"""So many ways are printed; JSON has all of them."""


def show_explanation(explanation: Explanation) -> None:
    """Prints whether a thing is generated, what leads to it, and what it brings with it."""
    is_module = explanation.kind == "module"
    verb = "imported" if is_module else "generated"
    state = f"is {verb}" if explanation.kept else f"is not {verb}"
    typer.echo(f'The {explanation.kind} "{explanation.id}" ({explanation.place}) {state}.')
    if not explanation.ways:
        typer.echo("Nothing leads to it.")
    _show_ways("Because of", [way for way in explanation.ways if not way.dropped])
    _show_ways("Left out", [way for way in explanation.ways if way.dropped])
    rows = [
        [pulled.kind, pulled.id, pulled.through.id if pulled.through else ""]
        for pulled in explanation.pulls
    ]
    show_table("Brings", ["What", "Name", "Through"], rows)
    for title, names in (
        ("Modules", explanation.modules),
        ("Distributions", explanation.distributions),
    ):
        if names:
            typer.echo(f"{title} ({len(names)}): {', '.join(names)}")


def explanation_facts(explanations: Sequence[Explanation]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [asdict(explanation) for explanation in explanations]


def _show_ways(title: str, ways: Sequence[Way]) -> None:
    if not ways:
        return
    typer.echo(f"{title}:")
    for way in ways[:SHOWN]:
        steps = " > ".join(step.id for step in way.steps)
        typer.echo(f"  {steps} ({way.place}){_reason(way)}")
    if len(ways) > SHOWN:
        typer.echo(f'  and {len(ways) - SHOWN} more, which "--json" lists')


def _reason(way: Way) -> str:
    if way.dropped.startswith("--exclude-"):
        return f": {way.dropped} leaves it out"
    if way.dropped.startswith("--"):
        return f": {way.dropped} does not choose it"
    if way.dropped:
        return f": {way.dropped}"
    return f": chosen by {' '.join(way.chosen)}" if way.chosen else ""
