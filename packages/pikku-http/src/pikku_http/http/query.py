"""Query strings: which fields they may fill, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from pikku_core import BadRequestError

NOT_TEXT: Final = "The query string is not valid UTF-8 once it is decoded."

Fill: TypeAlias = Callable[[bytes, dict[str, Any]], None]
"""Puts what a query string says into a mapping. A name that stands there several times gives a list."""


def query_filler(keys: Mapping[str, str]) -> Fill:
    """Reads the parameters that are declared; the others are left alone.

    Args:
        keys: The name of the field for every name that a parameter may have.
    """

    def fill(query: bytes, data: dict[str, Any]) -> None:
        try:
            text = query.decode()
            if "%" in text or "+" in text:
                pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
            else:
                pairs = [part.partition("=")[::2] for part in text.split("&")]
        except UnicodeDecodeError:
            raise BadRequestError(NOT_TEXT) from None
        for key, value in pairs:
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
