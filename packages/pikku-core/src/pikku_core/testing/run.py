"""What a test runs while a context lasts, in either form: `with` and `async with`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from types import TracebackType

Blocking = TypeVar("Blocking")
Concurrent = TypeVar("Concurrent")


class Run(Generic[Blocking, Concurrent]):
    """Something that runs in a background event loop for `with`, and in the test's own for `async with`.

    Args:
        blocking: Makes what `with` enters.
        concurrent: Makes what `async with` enters.
    """

    def __init__(
        self,
        blocking: Callable[[], AbstractContextManager[Blocking]],
        concurrent: Callable[[], AbstractAsyncContextManager[Concurrent]],
    ) -> None:
        self._blocking = blocking
        self._concurrent = concurrent
        self._entered: list[AbstractContextManager[Blocking]] = []
        self._awaited: list[AbstractAsyncContextManager[Concurrent]] = []

    if not TYPE_CHECKING:  # for which nothing is behind an unknown name

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(
                f'"{name}" is asked of something that does not run yet: enter it, "with ... as app:" or '
                '"async with ... as app:", and ask "app".'
            )

    def __enter__(self) -> Blocking:
        context = self._blocking()
        value = context.__enter__()
        self._entered.append(context)
        return value

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered.pop().__exit__(kind, error, trace)

    async def __aenter__(self) -> Concurrent:
        context = self._concurrent()
        value = await context.__aenter__()
        self._awaited.append(context)
        return value

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._awaited.pop().__aexit__(kind, error, trace)
