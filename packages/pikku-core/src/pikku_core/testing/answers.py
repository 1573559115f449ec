"""What a fake answers with: a value, an error, or what a function makes of the arguments."""

from __future__ import annotations

from inspect import isawaitable
from typing import Any


def answer(given: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Raises an exception (or its class), calls a function, returns anything else as it is."""
    if isinstance(given, BaseException):
        raise given
    if isinstance(given, type):
        if issubclass(given, BaseException):
            raise given
        return given  # pyright: ignore[reportUnknownVariableType]  # a class of whatever sort is a value
    return given(*args, **kwargs) if callable(given) else given


async def answer_async(given: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The same for who awaits it: an async function's result is awaited."""
    result = answer(given, args, kwargs)
    return await result if isawaitable(result) else result
