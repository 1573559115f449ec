"""What the options of a wiring may say of bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

BODILESS: Final = frozenset({"get", "head", "delete", "options"})
"""The methods whose bodies are ignored: all data that the path does not give comes from the query string."""


def body_problem(method: str, elsewhere: Collection[str], *, form: bool, body: str) -> str:
    """What is wrong with how a body is read, or nothing.

    Args:
        elsewhere: The names that the path and `query` take.
    """
    option = "form" if form else "body" if body else ""
    if option and method in BODILESS:
        return f'The option "{option}" reads a body, and "{method}" has none: use "post".'
    if form and body:
        return 'The options "form" and "body" exclude each other: the body is a form, or goes into one field.'
    if body and body in elsewhere:
        return f'The name "{body}" stands in "body" and in the route or "query": it can come from one of them.'
    return ""


def max_body_problem(method: str, max_body: int | None) -> str:
    """What is wrong with the limit of a body, or nothing."""
    if max_body is not None and method in BODILESS:
        return f'The option "max_body" limits a body, and "{method}" has none: leave it out.'
    if max_body is not None and max_body < 1:
        return f'The option "max_body" must be 1 or more, and is {max_body}.'
    return ""
