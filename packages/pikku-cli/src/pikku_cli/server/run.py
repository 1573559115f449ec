"""All components of an application in one event loop, until one fails or all are told to stop."""

from __future__ import annotations

import asyncio
import logging
from asyncio import Task
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import typer

from pikku_cli.exits import CommandError
from pikku_cli.server.components import Components, imported
from pikku_cli.server.signals import stop_or_exit, stop_requests
from pikku_core.errors import DeclarationError, PikkuError
from pikku_core.runtime.origin import origin
from pikku_core.runtime.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from pikku_core.plugin import ServeComponent
    from pikku_core.plugin.registry import Registry
    from pikku_core.runtime.app import App

MARGIN: Final = 1.0
"""Seconds beyond the grace in which a component that keeps to it can still clean up after itself."""

log = logging.getLogger("pikku.serve")


@dataclass(slots=True, kw_only=True)
class ComponentServing(Serving):
    """What one component is given: what it announces is printed under its name."""

    component: ServeComponent

    def ready(self, where: str) -> None:
        """Prints where the component accepts work."""
        super(ComponentServing, self).ready(where)
        typer.echo(f"{self.component.name} ready: {where}")


def run_event_loop(main: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine in uvloop where it is installed, else in asyncio's own loop."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if find_spec("uvloop") is not None:
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main)


async def run_app(app: App, components: Components, registry: Registry, serving: Serving) -> None:
    """Starts the services, runs the components, drains them, stops the services.

    The first SIGTERM or SIGINT sets `serving.stopping`; the second one ends the process where it stands.

    Raises:
        CommandError: A service or a component failed.
    """
    with stop_requests(stop_or_exit(serving.stopping.is_set, serving.stopping.set)):
        try:
            async with app:
                await _run_components(app, components, registry, serving)
        except (PikkuError, DeclarationError) as error:
            raise CommandError(str(error)) from error


async def _run_components(
    app: App, components: Components, registry: Registry, serving: Serving
) -> None:
    mounts = _mounts(components)
    tasks: dict[Task[None], ComponentServing] = {}
    for component in components.serving:
        assert component.serve is not None, "components without it are left out"
        serve = imported(component, component.serve)
        own = ComponentServing(
            component=component,
            root=serving.root,
            socket=serving.socket if component is components.listening else None,
            development=serving.development,
            stopping=serving.stopping,
            grace=serving.grace,
            mounts=mounts,
            options=serving.options,
            settings=serving.settings,
        )
        tasks[asyncio.create_task(serve(app, own), name=f"pikku.{component.name}")] = own
    waiting = asyncio.create_task(serving.stopping.wait())
    try:
        await asyncio.wait({*tasks, waiting}, return_when=asyncio.FIRST_COMPLETED)
        told = serving.stopping.is_set()
        serving.stopping.set()
        await _drain(tasks, serving.grace)
    finally:
        waiting.cancel()
        for task in tasks:
            task.cancel()
    faults = [_fault(task, own, registry, told=told) for task, own in tasks.items()]
    if text := "\n".join(fault for fault in faults if fault):
        raise CommandError(text)


async def _drain(tasks: Mapping[Task[None], ComponentServing], grace: float) -> None:
    """Waits for the components, and cuts off those that do not end in time."""
    delay = max(own.delay for own in tasks.values())
    _, late = await asyncio.wait(tasks, timeout=delay + grace + MARGIN)
    for task in late:
        log.warning(
            '"%s" did not finish within %g s and is cut off.', tasks[task].component.name, grace
        )
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=MARGIN)


def _fault(task: Task[None], serving: ComponentServing, registry: Registry, *, told: bool) -> str:
    """What was wrong with how a component ended; empty where nothing was."""
    if not task.done() or task.cancelled():
        return ""
    component = serving.component
    who = f'The component "{component.name}" ({registry.provider(component)})'
    error = task.exception()
    if error is None:
        return "" if told else f"{who} ended before it was told to."
    text = str(error) or type(error).__name__
    is_sentence = isinstance(error, (OSError, PikkuError, DeclarationError, CommandError))
    where = None if serving.announced else origin(error)
    if where is not None:  # a module of the project that cannot be imported: the line says it all
        log.debug("%s failed.", who, exc_info=error)
        text = text.removesuffix(".") if is_sentence else f"{type(error).__name__}: {error}"
        return f"{who} did not start: {text} ({where})."
    if not is_sentence:
        log.error("%s failed.", who, exc_info=error)
    return f"{who} failed: {text}"


def _mounts(components: Components) -> dict[str, list[tuple[str, Any]]]:
    return {
        host: [(component.name, imported(component, target)) for component, target in offered]
        for host, offered in components.mounts.items()
    }
