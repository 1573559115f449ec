"""Query strings: which fields they may fill, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from pikku_core import BadRequestError

Fill: TypeAlias = Callable[[bytes, dict[str, Any]], None]
"""Puts what a query string says into a mapping. A name that stands there several times gives a list."""


def query_filler(keys: Mapping[str, str]) -> Fill:
    """Reads the parameters that are declared; the others are left alone.

    Args:
        keys: The name of the field for every name that a parameter may have.
    """

    def fill(query: bytes, data: dict[str, Any]) -> None:
        for key, value in _pairs(query):
            name = keys.get(key)
            if name is None:
                continue
            if name not in data:
                data[name] = value
            elif isinstance(data[name], list):
                data[name].append(value)
            else:
                data[name] = [data[name], value]

    return fill


def _pairs(query: bytes) -> Iterable[tuple[str, str]]:
    if b"%" not in query and b"+" not in query:
        try:
            text = query.decode()
        except UnicodeDecodeError:
            raise _not_text() from None
        return [_pair(part) for part in text.split("&")]
    try:
        return parse_qsl(query.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise _not_text() from None


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def _not_text() -> BadRequestError:
    return BadRequestError("The query string is not valid UTF-8 once it is decoded.")
