"""What a change of a function reaches: its wirings, and those of whatever calls it through `rpc`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import CallableModel, FunctionModel, Project, ServiceModel

    Calling = CallableModel | FunctionModel | ServiceModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One thing that relies on a function.

    Attributes:
        kind: `wiring`, `function`, `service` or `callable` (a middleware or permission); `client`: it is exposed.
        id: Its identity.
        through: The function that it calls or that it is a wiring of: the changed one, or one that calls that.
    """

    kind: str
    id: str
    location: Location
    through: str


def affected_by(function: str, project: Project) -> tuple[Affected, ...]:
    """Everything that relies on the function with this id: nearest first, each once."""
    callers = _Callers(project)
    found: list[Affected] = []
    known, pending = {function}, [function]
    while pending:
        through = pending.pop(0)
        found += callers.wirings(through)
        for caller in callers.of(through):
            found.append(caller)
            if caller.kind == "function" and caller.id not in known:
                known.add(caller.id)
                pending.append(caller.id)
    return tuple(dict.fromkeys(found))


class _Callers:
    def __init__(self, project: Project) -> None:
        self._project = project

    def wirings(self, function: str) -> Iterator[Affected]:
        """The wirings of a function, by place; clients last."""
        wired = [wiring for wiring in self._project.wirings if wiring.function == function]
        for wiring in sorted(wired, key=lambda one: (one.location, one.id)):
            yield Affected(kind="wiring", id=wiring.id, location=wiring.location, through=function)
        model = self._project.functions[function]
        if model.expose:
            yield Affected(kind="client", id=function, location=model.location, through=function)

    def of(self, function: str) -> Iterator[Affected]:
        """What calls a function by name."""
        project = self._project
        kinds: Mapping[str, Mapping[str, Calling]] = {
            "function": project.functions,
            "service": project.services,
            "callable": project.callables,
        }
        for kind, models in kinds.items():
            for id_, model in models.items():
                if function in model.rpc and id_ != function:
                    yield Affected(kind=kind, id=id_, location=model.location, through=function)
