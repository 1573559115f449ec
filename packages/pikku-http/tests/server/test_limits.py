"""Limits of a server."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from pikku_core.plugin.loader import load_plugins
from pikku_http.http.server.limits import MIN_INTERVAL, Limits, limits_of
from pikku_http.http.server.refusal import RefusedError, final_answer
from pikku_http.http.server.trailers import MAX_TRAILERS, Trailers


def test_the_settings_have_the_defaults_of_the_server() -> None:
    settings = {
        name.removeprefix("http."): setting.default
        for name, setting in load_plugins().settings.items()
        if name.startswith("http.")
    }
    assert limits_of(settings) == Limits()


def test_connections_are_looked_at_several_times_in_the_shortest_time() -> None:
    assert Limits(header_timeout=0.2).interval == pytest.approx(0.05)
    assert Limits().interval == 1.0


def test_they_are_not_looked_at_all_the_time() -> None:
    assert Limits(keep_alive=0.001).interval == MIN_INTERVAL


def test_an_answer_of_the_server_says_that_it_is_the_last() -> None:
    answer = final_answer(HTTPStatus.REQUEST_TIMEOUT, "Too late.", [(b"date", b"now")])
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"\r\ndate: now\r\n" in answer
    assert b"\r\nconnection: close\r\n" in answer
    assert answer.endswith(b"\r\ncontent-length: 9\r\nconnection: close\r\n\r\nToo late.")


def test_fields_after_a_body_are_counted_and_not_kept() -> None:
    trailers = Trailers()
    for _ in range(MAX_TRAILERS):
        trailers.append((b"a", b"b"))
    assert trailers == []
    with pytest.raises(RefusedError, match="too many fields after the body"):
        trailers.append((b"a", b"b"))
