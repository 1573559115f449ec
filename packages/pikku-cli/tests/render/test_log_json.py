"""Log records as JSON."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_cli.render.log_json import JsonFormatter


def written(message: str, *args: object, **extra: Any) -> dict[str, Any]:
    """What a record says; it must be one line."""
    logger = logging.getLogger("pikku.x")
    info = extra.pop("exc_info", None)
    record = logger.makeRecord(
        "pikku.x", logging.WARNING, "", 0, message, args, info, extra=extra, sinfo=None
    )
    record.created = 1769860800.25
    text = JsonFormatter().format(record)
    assert text.isascii()
    assert text.isprintable()
    read: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    return read


def test_a_record_is_an_object() -> None:
    assert written("%s of %d", "é\n", 3) == {
        "timestamp": "2026-01-31T12:00:00.250Z",
        "level": "warning",
        "logger": "pikku.x",
        "message": "é\n of 3",
    }


def test_all_that_was_given_by_extra_is_in_it() -> None:
    told = {
        "trace_id": "4bf9",
        "http.route": "/users/{id}",
        "count": 3,
        "tags": ["a"],
        "none": None,
    }
    assert told.items() <= written("said", **told).items()


def test_an_empty_trace_id_is_left_out() -> None:
    assert "trace_id" not in written("said", trace_id="")


def test_an_exception_is_part_of_it() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("a\nb")
    read = written("failed", exc_info=(ValueError, caught.value, caught.value.__traceback__))
    assert (read["exception.type"], read["exception.message"]) == ("ValueError", str(caught.value))
    assert read["exception.stacktrace"].startswith("Traceback")


def test_what_is_no_json_is_told_as_text() -> None:
    circle: list[Any] = []
    circle.append(circle)
    for value in (object(), {1, 2}, {(1, 2): 3}, float("nan"), circle):
        assert written("said", value=value)["value"] == repr(value)


def test_extra_does_not_stand_for_what_a_record_has_itself() -> None:
    assert written("said", level="none", timestamp=0)["level"] == "warning"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.text(), json_like)
def test_whatever_is_logged_is_one_line_of_json(message: str, value: Any) -> None:
    assert written("%s", message, value=value)["message"] == message
