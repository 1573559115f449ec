"""Ranges of bytes that a request asks for (RFC 9110, 14.1.2 and 14.2)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SPEC: Final = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")
DIGITS: Final = 18
"""No file has a size of more digits, and numbers of any length take time."""


class ByteRange(NamedTuple):
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int


class UnsatisfiableRangeError(ValueError):
    """A range that begins after the last byte, or is of no bytes."""


def parse_range(header: str, size: int) -> ByteRange | None:
    """The range that a request asks for; None where the whole is to be sent.

    That is so for anything but one well-formed range of bytes: other units, several ranges at once.

    >>> parse_range("bytes=0-99", 1000)
    ByteRange(start=0, end=100)
    >>> parse_range("bytes=-100", 1000)
    ByteRange(start=900, end=1000)

    Args:
        header: The value of `Range`.
        size: How many bytes there are.

    Raises:
        UnsatisfiableRangeError: There are no such bytes.
    """
    unit, equals, ranges = header.partition("=")
    spec = SPEC.fullmatch(ranges.strip(" \t"))
    if unit.strip(" \t").lower() != "bytes" or not equals or spec is None:
        return None
    first, last = spec["first"].lstrip("0") or spec["first"][:1], spec["last"].lstrip("0")
    last = last or spec["last"][:1]
    if not first:
        if not last:
            return None
        length = size if len(last) > DIGITS else int(last)
        return _satisfiable(max(0, size - length), size, size if length else 0)
    if len(first) > DIGITS:
        raise UnsatisfiableRangeError
    start = int(first)
    if not last:
        return _satisfiable(start, size, size)
    end = size if len(last) > DIGITS else int(last) + 1
    if end <= start and len(last) <= DIGITS:
        return None  # The last byte before the first makes it malformed.
    return _satisfiable(start, min(end, size), size)


def _satisfiable(start: int, end: int, size: int) -> ByteRange:
    if start >= size:
        raise UnsatisfiableRangeError
    return ByteRange(start, end)
