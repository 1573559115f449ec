"""`pikku worker --lenient`: what a broker cannot honour is a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import App, pikku_sessionless_func
from pikku_core.plugin import CommandContext
from pikku_core.plugin.context import set_current_command, set_current_tool
from pikku_core.plugin.loader import load_plugins
from pikku_queue import wire_queue_worker
from pikku_queue.queue.commands.worker import worker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@pikku_sessionless_func
async def send() -> None:
    pass


class Recorder:
    """A tool that serves nothing, and keeps what it was to serve."""

    def __init__(self) -> None:
        self.app = App(
            [wire_queue_worker(name="mails", func=send)], settings={"queue": {"concurrency": 3}}
        )

    def load_app(self) -> App:
        return self.app

    def serve(self, app: App, component: str, options: Mapping[str, Any]) -> None:
        assert (app, component, options) == (self.app, "queue", {})

    def show_json(self, document: Any) -> None:
        raise AssertionError(document)

    def show_table(
        self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        raise AssertionError(title, headings, rows)


def test_a_worker_is_lenient_where_it_is_told_to_be(tmp_path: Path) -> None:
    set_current_command(CommandContext(registry=load_plugins(), raw=None, fault="", start=tmp_path))
    tool = Recorder()
    set_current_tool(tool)
    worker(concurrency=None)
    assert tool.app.settings == {"queue": {"concurrency": 3}}
    worker(concurrency=None, lenient=True)
    assert tool.app.settings == {"queue": {"concurrency": 3, "lenient": True}}
