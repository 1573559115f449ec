"""Checks of routes with `sse=True`: whether their functions have events, and only they ask for `channel`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin import Diagnostic
from pikku_core.plugin.model import CallableKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import FunctionModel, Project, WiringModel


def events(project: Project) -> Iterator[Diagnostic]:
    """PKU881, PKU882: a function without events behind `sse=True`; one that needs `channel` behind another route."""
    wirings = (wiring for wiring in project.wirings if wiring.kind == "http")
    for wiring in sorted(wirings, key=lambda one: (one.location, one.id)):
        function = project.functions[wiring.function]
        channel = next((one for one in function.parameters if one.provider == "channel"), None)
        if wiring.meta["sse"]:
            sends = channel is not None and function.kind is CallableKind.ASYNC
            if not (function.kind.is_generator or sends):
                yield _found("PKU881", wiring, function)
        elif channel is not None and not channel.optional:
            yield _found("PKU882", wiring, function)


TEXTS: Final = {
    "PKU881": (
        'The function "{}" has no events for "sse=True".',
        'Let it yield them, or, where it is async, ask for "channel"; or leave out "sse".',
    ),
    "PKU882": (
        'The function "{}" asks for "channel", which only routes with "sse=True" have.',
        "Write sse=True, or give the parameter a default of None.",
    ),
}


def _found(code: str, wiring: WiringModel, function: FunctionModel) -> Diagnostic:
    message, hint = TEXTS[code]
    return Diagnostic(
        code=code,
        message=message.format(function.id),
        location=wiring.location,
        hint=hint,
        related=(function.location,),
    )
