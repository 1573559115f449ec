"""Answers that are sent compressed: `http_compression`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pikku_core import DeclarationError
from pikku_core.declaration import names
from pikku_http.http.layers.codings import LEVELS
from pikku_http.http.layers.layer import HttpLayer
from pikku_http.http.wiring import pattern_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_http.http.layers.codings import Level
    from pikku_http.http.layers.layer import Layer, LayerContext

MINIMUM: Final = 1024
TYPES: Final = (
    "text/*",
    "application/json",
    "application/*+json",
    "application/xml",
    "application/*+xml",
    "application/javascript",
    "image/svg+xml",
)
"""What is worth compressing; images, videos and archives are compressed already."""

TYPE: Final = re.compile(r"[a-z0-9.+-]+/(?:\*|\*?[a-z0-9.+-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCompression(HttpLayer):
    """That answers of some routes are sent compressed; what `http_compression` returns."""

    rank: ClassVar[int] = 20
    minimum: int
    level: Level
    types: tuple[str, ...]

    def layer(self, context: LayerContext) -> Layer:
        """What compresses them, with the codings of this process."""
        del context
        from pikku_http.http.layers.compression_layer import CompressionLayer

        return CompressionLayer(self)


def http_compression(
    pattern: str = "*",
    *,
    minimum: int = MINIMUM,
    level: Level = "balanced",
    types: Sequence[str] = TYPES,
) -> HttpCompression:
    """Declares that answers of routes are sent compressed to clients that accept it (`Accept-Encoding`, RFC 9110).

    ```python
    http_compression()
    http_compression("/reports/*", level="small")
    ```

    By `gzip`; with the extra `pikku-http[compression]` by `zstd` and `br` as well, and from Python 3.14 on by `zstd` in
    any case. Left alone are small answers, streams and events, parts of files, what is compressed already, and what says
    `Cache-Control: no-transform`. Of several declarations the one with the longest pattern holds.

    Args:
        pattern: The routes; `*` stands for any run of characters.
        minimum: The size of the smallest body that is compressed, in bytes.
        level: `fast`, `balanced` or `small`: what counts more, time or size.
        types: The content types of what is compressed: `text/*`, `application/*+json`.

    Raises:
        DeclarationError: One of these is not well-formed.
    """
    given = HttpCompression(
        pattern=pattern, minimum=minimum, level=level, types=names("types", types)
    )
    problem = pattern_problem(pattern) or compression_problem(given)
    if problem:
        raise DeclarationError(problem)
    return given


def compression_problem(compression: HttpCompression) -> str:
    """What is wrong with a declaration, or nothing."""
    if compression.minimum < 0:
        return f'The "minimum" of "http_compression" is {compression.minimum}: it is a number of bytes, 0 or more.'
    if compression.level not in LEVELS:
        return (
            f'The level "{compression.level}" of "http_compression" is none of {", ".join(LEVELS)}.'
        )
    if not compression.types:
        return 'The "types" of "http_compression" are none at all: it would compress nothing.'
    for one in compression.types:
        if not TYPE.fullmatch(one):
            return (
                f'"{one}" in "types" of "http_compression" is no content type: write "text/*", "application/json" or '
                '"application/*+json".'
            )
    return ""
