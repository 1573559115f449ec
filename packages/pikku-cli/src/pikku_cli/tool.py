"""What the tool does for commands of plugins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.runtime.app import App


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTool:
    """What `current_tool` returns; see `pikku_core.plugin.Tool`. Every command makes one, so all else is imported on use.

    Attributes:
        grace, log_level, log_format: As `pikku serve` takes them.
    """

    grace: float = 10.0
    log_level: str = "info"
    log_format: str = "text"

    def load_app(self) -> App:
        """The App of the project, not started."""
        from pikku_cli.server.application import load_app, refuse_stale
        from pikku_core.plugin.context import current_command

        context = current_command()
        refuse_stale(context.settings)
        return load_app(context)

    def serve(self, app: App, component: str, options: Mapping[str, Any]) -> None:
        """Runs one serve component until the process is told to stop."""
        from pikku_cli.server.components import components_of
        from pikku_cli.server.logs import log_to_stderr
        from pikku_cli.server.run import run_app, run_event_loop
        from pikku_core.plugin.context import current_command
        from pikku_core.runtime.serving import Serving

        context = current_command()
        log_to_stderr(self.log_level, self.log_format)
        components = components_of(app.kinds(), context.registry, only=(component,))
        settings = context.settings
        serving = Serving(
            root=settings.root, grace=self.grace, options=options, settings=settings.plugins
        )
        run_event_loop(run_app(app, components, context.registry, serving))

    def show_json(self, document: Any) -> None:
        """Prints a document."""
        from pikku_cli.render.json_output import show_json

        show_json(document)

    def show_table(
        self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        """Prints rows under headings."""
        from pikku_cli.render.table import show_table

        show_table(title, headings, rows)
