"""Ranges of bytes: what RFC 9110 makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http.http.files.ranges import ByteRange, UnsatisfiableRangeError, parse_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-499", (0, 500)),
        ("bytes=500-", (500, 1000)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=999-5000", (999, 1000)),
        ("BYTES = 1-2 ", (1, 3)),
        ("bytes=0000000000000000000000-00000000000000000000001", (0, 2)),
        ("bytes=5-99999999999999999999", (5, 1000)),
        ("bytes=-99999999999999999999", (0, 1000)),
    ],
)
def test_a_range_is_of_these_bytes(header: str, expected: tuple[int, int]) -> None:
    assert parse_range(header, 1000) == expected


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=2-1",
        "bytes=a-b",
        "bytes=1-2,4-5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=\u0661-",
        "lines=1-2",
        "bytes 1-2",
    ],
)
def test_what_is_no_single_range_of_bytes_asks_for_all(header: str) -> None:
    assert parse_range(header, 1000) is None


@pytest.mark.parametrize(
    "header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999-"]
)
def test_bytes_that_are_not_there_are_refused(header: str) -> None:
    with pytest.raises(UnsatisfiableRangeError):
        parse_range(header, 1000)


def test_a_file_without_bytes_has_no_ranges() -> None:
    for header in ("bytes=0-", "bytes=-1"):
        with pytest.raises(UnsatisfiableRangeError):
            parse_range(header, 0)


@given(st.integers(0, 30), st.integers(0, 40), st.integers(0, 40))
def test_a_range_selects_what_a_slice_does(size: int, first: int, last: int) -> None:
    numbers = list(range(size))
    whole = numbers[first : last + 1]
    if last < first:
        assert parse_range(f"bytes={first}-{last}", size) is None
    else:
        assert selected(f"bytes={first}-{last}", numbers) == whole
    assert selected(f"bytes={first}-", numbers) == numbers[first:]
    assert selected(f"bytes=-{last}", numbers) == (numbers[-last:] if last else [])


@given(st.text("bytes=-, 0123456789", max_size=20) | st.text(max_size=20), st.integers(0, 10**12))
def test_whatever_is_asked_for_is_there_or_refused(header: str, size: int) -> None:
    try:
        found = parse_range(header, size)
    except UnsatisfiableRangeError:
        return
    assert found is None or 0 <= found.start < found.end <= size


def selected(header: str, numbers: list[int]) -> list[int]:
    try:
        found = parse_range(header, len(numbers))
    except UnsatisfiableRangeError:
        return []
    assert isinstance(found, ByteRange)
    return numbers[found.start : found.end]


SPACES = st.sampled_from(["", " ", "\t", "  "])


@given(
    unit=st.sampled_from(["bytes", "Bytes", "lines", ""]),
    specs=st.lists(
        st.tuples(st.none() | st.integers(0, 40), st.none() | st.integers(0, 40)), max_size=3
    ),
    zeros=st.integers(0, 30),
    spaces=st.tuples(SPACES, SPACES, SPACES),
    size=st.integers(0, 30),
)
def test_a_header_is_read_as_its_grammar_says(
    unit: str,
    specs: list[tuple[int | None, int | None]],
    zeros: int,
    spaces: tuple[str, str, str],
    size: int,
) -> None:
    def written(number: int | None) -> str:
        return "" if number is None else "0" * zeros + str(number)

    before, between, after = spaces
    ranges = ",".join(f"{written(first)}-{written(last)}" for first, last in specs)
    header = f"{before}{unit}{between}={between}{ranges}{after}"
    (first, last), *more = specs or [(None, None)]
    malformed = first is None and last is None
    malformed |= first is not None and last is not None and last < first
    if unit.lower() != "bytes" or more or malformed:
        assert parse_range(header, size) is None
    else:
        numbers = list(range(size))
        begin = first if first is not None else max(0, size - (last or 0))
        end = size if first is None or last is None else last + 1
        assert selected(header, numbers) == numbers[begin:end]
