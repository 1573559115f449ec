"""Log records as text."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from pikku_cli.render.log_text import DevelopmentFormatter, TextFormatter, contained, spelled

REQUEST: dict[str, Any] = {
    "http.request.method": "GET",
    "url.path": "/users/7",
    "http.response.status_code": 200,
    "http.server.request.duration": 0.0032,
    "trace_id": "4bf9",
}


def record_of(message: str, **told: Any) -> logging.LogRecord:
    record = logging.LogRecord("pikku.x", logging.INFO, "", 0, message, (), None)
    vars(record).update(told)
    return record


def line(message: str, **told: Any) -> str:
    """What a formatter writes after the time."""
    return TextFormatter().format(record_of(message, **told)).partition(" INFO ")[2]


def request_line(told: dict[str, Any], *, colour: bool = False) -> str:
    formatter = DevelopmentFormatter(fold=True, colour=colour)
    text = formatter.format(record_of("a request", **(REQUEST | told)))
    return text.partition(" ")[2]


def test_a_record_is_a_line_with_its_trace_id() -> None:
    assert line("said") == "pikku.x: said"
    assert line("said", trace_id="4bf9") == "pikku.x: said [4bf9]"
    assert line("failed (trace id 4bf9)", trace_id="4bf9") == "pikku.x: failed (trace id 4bf9)"


def test_a_message_writes_no_line_that_looks_like_a_record() -> None:
    forged = "ok\n2026-01-01 00:00:00,000 ERROR pikku.y: forged\x1b[2K\r"
    assert (
        line(forged).splitlines()[1]
        == "    2026-01-01 00:00:00,000 ERROR pikku.y: forged\\x1b[2K\\r"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\tb", "a\tb"), ("a\n\tb", "a\n    \tb"), ("\u2028", "\\u2028"), ("\x07é", "\\x07é")],
)
def test_what_cannot_be_printed_is_escaped(text: str, shown: str) -> None:
    assert contained(text) == shown


def test_while_developing_a_request_is_a_short_line() -> None:
    assert request_line({}) == "200 GET /users/7 3.2 ms"
    assert request_line({"url.query": "a=1"}) == "200 GET /users/7?a=1 3.2 ms"
    gone = {"pikku.outcome": "client_gone", "http.server.request.duration": 61.25}
    assert request_line(gone) == "200 GET /users/7 61.2 s, client gone"


def test_a_request_without_an_answer_has_no_status() -> None:
    told = {"http.response.status_code": None, "pikku.outcome": "failed"}
    assert request_line(told) == "--- GET /users/7 3.2 ms, failed"


@pytest.mark.parametrize(("status", "code"), [(200, 32), (304, 36), (404, 33), (500, 31)])
def test_the_status_is_coloured_where_there_are_colours(status: int, code: int) -> None:
    text = request_line({"http.response.status_code": status}, colour=True)
    assert text.startswith(f"\x1b[{code}m{status}\x1b[0m GET")


def test_other_records_keep_their_form_while_developing() -> None:
    formatter = DevelopmentFormatter(fold=True, colour=True)
    text = formatter.format(record_of("a\nb", trace_id="4bf9"))
    assert text.endswith(" INFO pikku.x: a\n    b")


def test_durations_are_spelled_in_their_unit() -> None:
    assert (spelled(0.00005), spelled(0.25), spelled(1.0)) == ("0.1 ms", "250.0 ms", "1.0 s")
