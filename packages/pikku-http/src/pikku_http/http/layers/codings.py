"""Content codings that answers can be sent in (RFC 9110, 8.4.1): gzip always, zstd and br where their library is there."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args

Level: TypeAlias = Literal["fast", "balanced", "small"]
"""What counts more, time or size."""

LEVELS: Final[tuple[str, ...]] = get_args(Level)


class Compressor(Protocol):
    """Compresses one body, part by part."""

    def compress(self, part: bytes, /) -> bytes:
        """What there is to send after a part; it may be nothing yet."""
        ...

    def flush(self) -> bytes:
        """What there is to send at the end."""
        ...


Open: TypeAlias = Callable[[], Compressor]


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding.

    Attributes:
        name: As it stands in headers.
        open: Makes the compressor of one body.
    """

    name: str
    open: Open


class BrotliCompressor:
    """A `Compressor` of the library `brotli`."""

    def __init__(self, library: Any, quality: int) -> None:
        self._compressor = library.Compressor(quality=quality)

    def compress(self, part: bytes, /) -> bytes:
        """What there is to send after a part."""
        found: bytes = self._compressor.process(part)
        return found

    def flush(self) -> bytes:
        """What there is to send at the end."""
        found: bytes = self._compressor.finish()
        return found


GZIP: Final[Mapping[str, int]] = MappingProxyType({"fast": 1, "balanced": 6, "small": 9})
ZSTD: Final[Mapping[str, int]] = MappingProxyType({"fast": 1, "balanced": 3, "small": 6})
BROTLI: Final[Mapping[str, int]] = MappingProxyType({"fast": 1, "balanced": 4, "small": 6})


def available_codings(level: Level) -> list[Coding]:
    """The codings of this process, best first: for what they save, zstd takes the least time and gzip the most."""
    found: list[Coding] = []
    # Before 3.14 a package of the first name is somebody's own.
    zstd = _library("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    if zstd is not None:
        found.append(Coding("zstd", partial(zstd.ZstdCompressor, level=ZSTD[level])))
    brotli = _library("brotli", "brotlicffi")
    if brotli is not None:
        found.append(Coding("br", partial(BrotliCompressor, brotli, BROTLI[level])))
    # The window bits ask for the header of gzip, which says no time: the same body has the same bytes.
    found.append(Coding("gzip", partial(zlib.compressobj, GZIP[level], zlib.DEFLATED, 31)))
    return found


def _library(*names: str) -> Any:
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    return None
