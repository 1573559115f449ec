"""What servers log, as real processes write it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project, Running

servers = pytest.mark.parametrize("command", ["serve", "dev"])
LOUD = """
import asyncio
from collections.abc import AsyncIterator

from pikku_core import Logger, Rpc, pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def shout(*, logger: Logger) -> None:
    logger.warning("a word\\nof warning", extra={"order.id": 7})

@pikku_sessionless_func
async def broken() -> None:
    raise ValueError("it is broken")

@pikku_sessionless_func
async def ticks() -> AsyncIterator[int]:
    yield 1
    await asyncio.Event().wait()

@pikku_sessionless_func
async def health() -> str:
    return "well"

wire_http(method="get", route="/shout", func=shout)
wire_http(method="get", route="/broken", func=broken)
wire_http(method="get", route="/ticks", func=ticks)
wire_http(method="get", route="/healthz", func=health)
"""
ALWAYS = {"PIKKU_HTTP_ACCESS_LOG": "always", "PIKKU_HTTP_REQUEST_IDS": "always"}


@pytest.fixture
def loud(project: Project) -> Project:
    """A project whose functions log, fail and stream."""
    project.write(loud=LOUD)
    assert project.run().returncode == 0
    return project


def json_lines(server: Running) -> list[dict[str, Any]]:
    """The log records of a server that has ended."""
    return [json.loads(line) for line in server.text.splitlines() if line.startswith("{")]


@servers
def test_with_log_format_json_every_record_is_a_line_of_json(loud: Project, command: str) -> None:
    with loud.running(command, "--port", "0", "--log-format", "json", **ALWAYS) as server:
        address = server.address()
        said = httpx.get(f"{address}/shout")
        httpx.get(f"{address}/broken")
        assert server.stop() == 0, server.text
    lines = [one for one in json_lines(server) if one["logger"].startswith("pikku")]
    (warning,) = [one for one in lines if one["logger"] == "pikku.shout"]
    assert warning["message"] == "a word\nof warning"
    assert (warning["level"], warning["order.id"]) == ("warning", 7)
    assert warning["trace_id"] == said.headers["x-request-id"]
    (failed,) = [one for one in lines if "exception.type" in one]
    assert failed["exception.message"] == "it is broken"
    assert "Traceback" in failed["exception.stacktrace"]
    requests = [one for one in lines if one["logger"] == "pikku.http.access"]
    assert [one["http.response.status_code"] for one in requests] == [204, 500]
    assert [one["trace_id"] for one in requests] == [warning["trace_id"], failed["trace_id"]]


@servers
def test_with_log_format_text_every_record_is_a_line_of_text(loud: Project, command: str) -> None:
    with loud.running(command, "--port", "0", "--log-format", "text") as server:
        httpx.get(f"{server.address()}/shout")
        assert server.stop() == 0, server.text
    assert " WARNING pikku.shout: a word\n    of warning\n" in server.text
    assert json_lines(server) == []


def test_dev_shows_each_request_in_a_line(loud: Project) -> None:
    with loud.running("dev", "--port", "0") as server:
        address = server.address()
        httpx.get(f"{address}/greet?token=secret")
        httpx.get(f"{address}/nowhere%0A")
        httpx.get(f"{address}/healthz")
        assert server.stop() == 0, server.text
    requests = re.findall(r"^\d\d:\d\d:\d\d (\d+ GET \S+) [\d.]+ ms$", server.text, re.MULTILINE)
    assert requests == ["200 GET /greet", "404 GET /nowhere%0A"]
    assert "secret" not in server.text


def test_dev_colours_statuses_where_there_are_colours(loud: Project) -> None:
    with loud.running("dev", "--port", "0", NO_COLOR="", FORCE_COLOR="1") as server:
        httpx.get(f"{server.address()}/nowhere")
        assert server.stop() == 0, server.text
    assert "\x1b[33m404\x1b[0m GET /nowhere" in server.text


@pytest.mark.parametrize(
    ("setting", "command", "is_logged"),
    [("dev", "serve", False), ("always", "serve", True), ("never", "dev", False)],
)
def test_the_setting_says_where_requests_are_logged(
    loud: Project, setting: str, command: str, is_logged: bool
) -> None:
    with loud.running(command, "--port", "0", PIKKU_HTTP_ACCESS_LOG=setting) as server:
        httpx.get(f"{server.address()}/greet")
        assert server.stop() == 0, server.text
    assert ("GET /greet" in server.text) == is_logged


def test_serve_logs_requests_with_their_ids(loud: Project) -> None:
    with loud.running("serve", "--port", "0", **ALWAYS) as server:
        httpx.get(f"{server.address()}/greet", headers={"x-request-id": "mine"})
        assert server.stop() == 0, server.text
    assert re.search(
        r" INFO pikku\.http\.access: GET /greet 200 [\d.]+ ms 7 B \[mine\]\n", server.text
    )


def test_a_client_that_leaves_a_stream_is_seen(loud: Project) -> None:
    with loud.running("serve", "--port", "0", **ALWAYS) as server:
        with httpx.stream("GET", f"{server.address()}/ticks") as answer:
            assert next(answer.iter_bytes())
        server.wait_for(r"GET /ticks 200 [\d.]+ ms \d+ B client_gone")
        assert server.stop() == 0, server.text


def test_the_query_string_is_logged_on_request(loud: Project) -> None:
    variables = ALWAYS | {"PIKKU_HTTP_OBSERVE_QUERY": "true"}
    with loud.running("serve", "--port", "0", **variables) as server:
        httpx.get(f"{server.address()}/greet?a=1")
        server.wait_for(r"GET /greet\?a=1 200")


def test_the_setting_says_which_paths_are_left_out(loud: Project) -> None:
    variables = ALWAYS | {"PIKKU_HTTP_UNOBSERVED": "/greet"}
    with loud.running("serve", "--port", "0", **variables) as server:
        address = server.address()
        httpx.get(f"{address}/greet")
        httpx.get(f"{address}/healthz")
        assert server.stop() == 0, server.text
    assert "GET /greet" not in server.text
    assert "GET /healthz" in server.text
