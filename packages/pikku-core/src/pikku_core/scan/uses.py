"""What each body uses of the wire things that are read by attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.definitions import Definitions
from pikku_core.scan.marks import FUNCTIONS
from pikku_core.scan.modules import EXTERNAL

if TYPE_CHECKING:
    from pikku_core.scan.marks import Marked
    from pikku_core.scan.report import Report
    from pikku_core.scan.rpc import RpcNames


class Uses:
    """Resolves what bodies read to the ids of functions and the names of secrets and variables.

    Attributes:
        definitions: Complete before the first body is asked about, as `rpc_names` is.
    """

    def __init__(self, report: Report) -> None:
        self.definitions = Definitions(report)
        self.rpc_names: RpcNames | None = None

    def rpc(self, marked: Marked) -> tuple[str, ...]:
        """The ids of the functions that a body calls."""
        assert self.rpc_names is not None, "bodies are linked when all functions are known"
        if marked.module.owner == EXTERNAL:  # it cannot know the project's functions
            return ()
        return self.rpc_names.edges(marked)

    def secrets(self, marked: Marked) -> tuple[str, ...]:
        """The names of the secrets that a body reads; `*` where it cannot be told which."""
        # That functions and permissions ask for them at all is reported.
        if marked.mark in {*FUNCTIONS, "pikku_permission"}:
            return ()
        return self.definitions.read_by(marked, "secrets")

    def variables(self, marked: Marked) -> tuple[str, ...]:
        """The names of the variables that a body reads; `*` where it cannot be told which."""
        return self.definitions.read_by(marked, "variables")
