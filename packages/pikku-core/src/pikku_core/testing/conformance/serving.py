"""A serve component that runs beside a test."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikku_core.plugin.target import resolve
from pikku_core.runtime.serving import Serving
from pikku_core.settings import RawSettings, resolve_settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pikku_core import App
    from pikku_core.plugin.registry import Registry


@asynccontextmanager
async def serving(
    app: App,
    component: str,
    *,
    registry: Registry,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    grace: float = 10.0,
) -> AsyncGenerator[str]:
    """Runs a serve component as `pikku serve` does, and gives the address that it announced.

    It has a free TCP port of this machine and an empty folder as the project's. At the end it is told to stop, and has `grace`
    seconds for it.

    Args:
        app: Started.
        component: Its name, as the plugin declares it.
        registry: What the plugin declares; see `plugin_registry`.
        settings: Those that are not to have their defaults, by table and key: `{"http": {"max_body": 1024}}`.
    """
    serve = resolve(registry.serve_components[component].serve or "")
    with tempfile.TemporaryDirectory(prefix="pikku-") as folder, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        raw = RawSettings(root=Path(folder), tables=settings or {})
        running = Serving(
            root=Path(folder),
            socket=listening,
            grace=grace,
            settings=resolve_settings(raw, registry, variables={}).plugins,
        )
        task = asyncio.ensure_future(serve(app, running))
        ready = asyncio.create_task(running.started.wait())
        try:
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if not running.announced:
                await task
                raise RuntimeError("The component ended before it was ready.")
            yield running.announced[0]
            running.stopping.set()
            await asyncio.wait_for(task, grace)
        finally:
            ready.cancel()
            task.cancel()
            await asyncio.wait({task})
