"""Calls with keyword arguments that are made from the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pikku_core.wire import Wire

Call: TypeAlias = "Callable[[Wire, Any], Any]"
"""Calls something with a wire's arguments; the second argument is what goes first: data, or a middleware's `next`."""


def compile_call(
    func: Callable[..., Any], changing: Mapping[str, Callable[[Wire], Any]], *, first: bool
) -> Call:
    """A call of `func`, put together as source: `func(first, http=get_http(wire))`.

    Written out like this a call costs half of one by `**arguments`, and it is made several times per invocation.

    Args:
        changing: What makes each keyword argument.
        first: Whether the callable takes a positional argument.
    """
    namespace, keywords = written_out(func, changing)
    given = ["first", *keywords] if first else keywords
    source = f"lambda wire, first: func({', '.join(given)})"
    call: Call = eval(source, namespace)  # noqa: S307 - made of nothing but identifiers
    return call


def written_out(
    func: Callable[..., Any], changing: Mapping[str, Callable[[Wire], Any]]
) -> tuple[dict[str, Any], list[str]]:
    """The names that the source of a call needs, and its keyword arguments."""
    namespace: dict[str, Any] = {"func": func}
    keywords: list[str] = []
    for number, (name, get) in enumerate(changing.items()):
        assert name.isidentifier(), "a parameter of a Python function"
        namespace[f"get_{number}"] = get
        keywords.append(f"{name}=get_{number}(wire)")
    return namespace, keywords
