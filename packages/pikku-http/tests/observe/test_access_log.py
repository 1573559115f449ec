"""The access log: one record for each request, when its answer has ended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Observed, Records


async def test_a_record_tells_the_request_and_its_answer(
    observed: Observed, records: Records
) -> None:
    async with observed(access_log=True) as http:
        answer = await http.get("/items/7?token=secret", headers={"user-agent": "curl/8"})
    record = records.only()
    expected = {
        "http.request.method": "GET",
        "http.route": "/items/{id}",
        "url.path": "/items/7",
        "http.response.status_code": 200,
        "http.response.body.size": len(answer.content),
        "client.address": "127.0.0.1",
        "user_agent.original": "curl/8",
        "pikku.wiring": "http:get:/items/{id}",
        "pikku.outcome": "answered",
    }
    assert expected.items() <= record.items()
    assert record["message"].startswith("GET /items/7 200 ")
    assert 0 < record["http.server.request.duration"] < 60
    assert "secret" not in str(record)


async def test_the_query_string_is_told_on_request(observed: Observed, records: Records) -> None:
    async with observed(access_log=True, observe_query=True) as http:
        await http.get("/items/7?a=1")
    assert records.only()["url.query"] == "a=1"
    assert "GET /items/7?a=1 200" in records.only()["message"]


@pytest.mark.parametrize(
    ("request_line", "status", "wiring"),
    [
        ("GET /missing", 404, "http:get:/missing"),
        ("GET /broken", 500, "http:get:/broken"),
        ("PUT /items/seven", 422, "http:put:/items/{id}"),
        ("HEAD /items/7", 200, "http:get:/items/{id}"),
        ("GET /nowhere", 404, None),
        ("POST /missing", 405, None),
        ("OPTIONS /missing", 204, None),
        ("GET /%ff", 400, None),
    ],
)
async def test_every_request_has_one_record(
    observed: Observed, records: Records, request_line: str, status: int, wiring: str | None
) -> None:
    method, path = request_line.split()
    async with observed(access_log=True) as http:
        answer = await http.request(method, path, json={} if method == "PUT" else None)
    record = records.only()
    assert answer.status_code == record["http.response.status_code"] == status
    assert record.get("pikku.wiring") == wiring
    assert record["http.response.body.size"] == len(answer.content)


async def test_a_stream_is_logged_when_it_has_ended(observed: Observed, records: Records) -> None:
    async with observed(access_log=True) as http, http.stream("GET", "/count") as answer:
        parts = [part async for part in answer.aiter_bytes()]
    assert records.only()["http.response.body.size"] == len(b"".join(parts))
    assert records.only()["pikku.outcome"] == "answered"


async def test_a_client_that_leaves_a_stream_is_seen(observed: Observed, records: Records) -> None:
    async with observed(access_log=True) as http, http.stream("GET", "/ticks") as answer:
        assert await anext(answer.aiter_bytes())
        assert records.kept == []
    record = records.only()
    assert record["pikku.outcome"] == "client_gone"
    assert record["http.response.status_code"] == 200
    assert record["message"].endswith(" client_gone")


async def test_a_stream_that_fails_is_cut(observed: Observed, records: Records) -> None:
    async with observed(access_log=True) as http, http.stream("GET", "/breaks") as answer:
        [part async for part in answer.aiter_bytes()]
    assert records.only()["pikku.outcome"] == "cut"


async def test_a_client_writes_no_line_of_the_log(observed: Observed, records: Records) -> None:
    async with observed(access_log=True) as http:
        agent = "x\u2028\x1b[31m".encode()
        await http.get("/a%0Ab%85c", headers=[(b"user-agent", agent)])
    record = records.only()
    assert record["message"].isprintable()
    assert record["user_agent.original"].isprintable()


class Broken(logging.Handler):
    def handle(self, record: logging.LogRecord) -> bool:
        raise RuntimeError(f"The disk is full: {record.msg}")


@pytest.mark.parametrize("path", ["/items/7", "/count", "/missing"])
async def test_a_handler_that_raises_breaks_no_answer(
    observed: Observed, records: Records, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    broken = Broken()
    logging.getLogger("pikku.http.access").addHandler(broken)
    try:
        async with observed(access_log=True) as http:
            answer = await http.get(path)
    finally:
        logging.getLogger("pikku.http.access").removeHandler(broken)
    assert answer.content
    assert "The disk is full" in capsys.readouterr().err


async def test_a_record_factory_with_a_trace_id_of_its_own_is_no_harm(
    observed: Observed, records: Records
) -> None:
    before = logging.getLogRecordFactory()

    def make(*args: object, **kwargs: object) -> logging.LogRecord:
        record = before(*args, **kwargs)
        record.trace_id = "other"
        return record

    logging.setLogRecordFactory(make)
    try:
        async with observed(access_log=True) as http:
            await http.get("/items/7", headers={"x-request-id": "mine"})
    finally:
        logging.setLogRecordFactory(before)
    assert records.only()["trace_id"] == "mine"


async def test_nothing_is_logged_unless_asked(observed: Observed, records: Records) -> None:
    async with observed() as http:
        await http.get("/items/7")
    assert records.kept == []
