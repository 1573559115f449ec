"""The layer that observes: which requests, and the ids that all who tell of them have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pikku_core import App
from pikku_http import HttpOptions
from pikku_http.http.observe.layer import observing

if TYPE_CHECKING:
    from conftest import Observed, Records

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_where_nothing_is_asked_for_there_is_no_layer() -> None:
    async with App() as app:
        assert observing(app, HttpOptions(telemetry="never"), ()) == ()


@pytest.mark.parametrize("path", ["/items/7", "/missing", "/broken", "/nowhere", "/%ff", "/count"])
async def test_every_answer_carries_an_id_where_that_is_asked_for(
    observed: Observed, path: str
) -> None:
    async with observed(request_ids="always") as http:
        answers = [await http.get(path), await http.get(path, headers={"x-request-id": "mine"})]
    ids = [one.headers.get_list("x-request-id") for one in answers]
    assert re.fullmatch("[0-9a-f]{32}", ids[0][0])
    assert ids[0][1:] == []
    assert ids[1] == ["mine"]


async def test_only_errors_carry_it_by_default(observed: Observed) -> None:
    async with observed() as http:
        assert "x-request-id" not in (await http.get("/items/7")).headers
        assert "x-request-id" in (await http.get("/missing")).headers


async def test_the_id_of_a_parent_is_that_of_the_answer(observed: Observed) -> None:
    async with observed(request_ids="always") as http:
        answer = await http.get("/items/7", headers={"traceparent": PARENT})
    assert answer.headers["x-request-id"] == PARENT[3:35]


async def test_answer_access_log_and_what_the_function_logs_have_one_id(
    observed: Observed, records: Records, said: Records
) -> None:
    async with observed(request_ids="always", access_log=True) as http:
        answer = await http.get("/says")
    ids = {answer.headers["x-request-id"], records.only()["trace_id"], said.only()["trace_id"]}
    assert len(ids) == 1


async def test_a_sync_function_logs_the_id_too(observed: Observed, said_in_thread: Records) -> None:
    async with observed(request_ids="always") as http:
        await http.get("/says-in-thread", headers={"x-request-id": "mine"})
    assert said_in_thread.only()["trace_id"] == "mine"


async def test_requests_at_once_keep_their_ids_apart(observed: Observed, said: Records) -> None:
    async with observed(request_ids="always") as http:
        for name in ("one", "two"):
            await http.get("/says", headers={"x-request-id": name})
    assert [getattr(one, "trace_id", None) for one in said.kept] == ["one", "two"]


async def test_an_error_has_one_id_however_often_it_is_told(
    observed: Observed, records: Records
) -> None:
    async with observed(access_log=True) as http:
        answer = await http.get("/missing")
    assert answer.json()["error"]["trace_id"] == answer.headers["x-request-id"]
    assert records.only()["trace_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/healthz", "/unknown"])
async def test_unobserved_paths_are_told_of_nowhere(
    observed: Observed, records: Records, path: str
) -> None:
    async with observed(access_log=True, unobserved=["/healthz", "/unknown"]) as http:
        await http.get(path)
    assert records.kept == []


async def test_the_paths_of_health_are_unobserved_wherever_they_are(
    observed: Observed, records: Records
) -> None:
    async with observed(access_log=True, health="/says", readiness="/missing") as http:
        await http.get("/says")
        await http.get("/missing")
        await http.get("/healthz")
    assert records.only()["url.path"] == "/healthz"


async def test_unobserved_paths_carry_their_id_all_the_same(observed: Observed) -> None:
    async with observed(request_ids="always", access_log=True) as http:
        assert "x-request-id" in (await http.get("/healthz")).headers


async def test_the_trace_goes_on_as_it_came(observed: Observed) -> None:
    sent = {"traceparent": PARENT, "tracestate": "a=1", "baggage": "b=2", "x-request-id": "mine"}
    async with observed(telemetry="never") as http:
        assert (await http.get("/passed-on", headers=sent)).json() == sent


async def test_a_malformed_parent_does_not_go_on(observed: Observed) -> None:
    sent = {"traceparent": "nonsense", "tracestate": "a=1", "x-request-id": "mine"}
    async with observed(telemetry="never") as http:
        answer = await http.get("/passed-on", headers=sent)
    assert answer.json() == {"x-request-id": "mine"}
