"""What filters choose from: the ways into a project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pikku_core.plugin.model import WiringModel

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import Location
    from pikku_core.plugin.model import FunctionModel, Project
    from pikku_core.select.needs import Needs
    from pikku_core.settings import Settings

RPC: Final = "rpc"
"""The wire of functions that are called by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A wiring, or a function that is called by name: one that is exposed, or that no wiring names.

    Attributes:
        item: The wiring; the function itself where it is called by name.
        function: What is called.
        project: Everything that was found.
        needs: What needs what in it.
        settings: The project's: `entry.settings.plugins["deploy"]["default_target"]`.
        implied: The wirings by which a kind serves the function, where it is called by name: they are kept with it.
    """

    item: WiringModel | FunctionModel
    function: FunctionModel
    project: Project
    needs: Needs
    settings: Settings
    implied: tuple[WiringModel, ...] = ()

    @property
    def wiring(self) -> WiringModel | None:
        """The wiring; None for a function that is called by name."""
        return self.item if isinstance(self.item, WiringModel) else None

    @property
    def wire(self) -> str:
        """The kind of the wiring; `rpc` for a function that is called by name."""
        return self.item.kind if isinstance(self.item, WiringModel) else RPC

    @property
    def id(self) -> str:
        """The wiring's id; `rpc:create_user` for a function that is called by name."""
        return self.item.id if isinstance(self.item, WiringModel) else f"{RPC}:{self.item.id}"

    @property
    def location(self) -> Location:
        """Where the wiring, or the function, stands."""
        return self.item.location


def entries_of(project: Project, needs: Needs, settings: Settings) -> list[Entry]:
    """The entries of a project: wirings by kind and id, then functions by id."""
    known = [each for each in project.wirings if each.function in project.functions]
    wirings = [each for each in known if not each.implied]
    wired = {wiring.function for wiring in wirings}
    implied: dict[str, list[WiringModel]] = {}
    for wiring in known:
        if wiring.implied:
            implied.setdefault(wiring.function, []).append(wiring)
    functions = [
        function
        for function in project.functions.values()
        if function.expose or function.id not in wired
    ]
    ways: list[tuple[WiringModel | FunctionModel, FunctionModel]] = [
        *((wiring, project.functions[wiring.function]) for wiring in wirings),
        *((function, function) for function in functions),
    ]
    return [
        Entry(
            item=item,
            function=function,
            project=project,
            needs=needs,
            settings=settings,
            implied=() if item is not function else tuple(implied.get(function.id, ())),
        )
        for item, function in ways
    ]
