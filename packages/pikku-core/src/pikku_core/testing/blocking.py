"""An App for tests that are no coroutines: it runs in an event loop of its own, in another thread."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, is_typeddict

from anyio.from_thread import start_blocking_portal
from typing_extensions import is_protocol

from pikku_core.plugin.target import resolve
from pikku_core.runtime.records import NO_DATA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from anyio.from_thread import BlockingPortal

    from pikku_core.runtime.app import App

P = ParamSpec("P")
R = TypeVar("R")


class BlockingApp:
    """A running App whose calls block; `run_app` and `PikkuProject.app` give one.

    Attributes:
        app: The App itself; only what runs in its loop may use it, see `run`.
        portal: The way into that loop.
        is_running: Whether its context lasts.
        session: The class of the project's sessions, `app.session:Session`; None where it is not known.
    """

    def __init__(self, app: App, portal: BlockingPortal, session: str | None = None) -> None:
        self.app = app
        self.session = session
        self.portal = portal
        self.is_running = True
        self._calls: set[asyncio.Task[Any]] = set()

    def call(self, name: str, data: Any = NO_DATA, /, *, session: Any = None) -> Any:
        """Calls a function by name through the whole pipeline, as somebody with `session`.

        Raises:
            FunctionNotFoundError: No function has the name.
            PikkuError: What the function, or what stands before it, answers with.
            TypeError: The session is of another class than the project's.
        """
        if session is not None and self.session is not None:
            _refuse_other(session, self.session)
        return self.run(partial(self.app.invoke, name, data, session=session))

    def service(self, name: str) -> Any:
        """A started singleton service, or `config`.

        Raises:
            MissingServiceError: There is none, or nothing needed it.
        """
        self._refuse_ended()
        return self.app.service(name)

    def run(self, function: Callable[P, Awaitable[R]], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs an async function in the App's loop and returns its result: `app.run(database.count, "users")`."""
        self._refuse_ended()
        return self.portal.call(self._call, partial(function, *args, **kwargs))

    async def cancel_calls(self) -> None:
        """Cancels what still runs, and waits for its end; only what runs in the App's loop may call it."""
        calls = tuple(self._calls)
        for call in calls:
            call.cancel()
        if calls:
            await asyncio.wait(calls)

    async def _call(self, function: Callable[[], Awaitable[R]]) -> R:
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"
        self._calls.add(task)
        try:
            return await function()
        finally:
            self._calls.discard(task)

    def _refuse_ended(self) -> None:
        if not self.is_running:
            raise RuntimeError('The App has been stopped: use it inside its "with" block.')


def _refuse_other(session: object, target: str) -> None:
    expected: type[object] = resolve(target)
    if is_typeddict(expected) or is_protocol(expected):
        return
    if not isinstance(session, expected):
        name = target.rpartition(":")[2]
        raise TypeError(
            f'"session" is a "{type(session).__name__}", and sessions of this project are a "{name}": '
            f"give session={name}(...), as middleware would set it."
        )


@contextmanager
def run_app(app: App) -> Generator[BlockingApp]:
    """Starts an App in a background event loop, and stops both at the end; an exception cancels what still runs.

    ```python
    with run_app(App([wire_http(method="get", route="/", func=hello)])) as app:
        assert app.call("hello") == "Hello!"
    ```

    Raises:
        ServiceStartError: A service failed; see `App.start` for what else.
    """
    with run_with_session(app, None) as running:
        yield running


@contextmanager
def run_with_session(app: App, session: str | None) -> Generator[BlockingApp]:
    """The same for an App whose class of sessions is known: `app.session:Session`."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app) as running:
        blocking = BlockingApp(running, portal, session)
        try:
            yield blocking
        except BaseException:
            # A call that was not waited for to its end would find its services stopped.
            portal.call(blocking.cancel_calls)
            raise
        finally:
            blocking.is_running = False
