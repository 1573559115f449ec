"""Metrics, as the real SDK of OpenTelemetry is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_http.http.observe.metrics import SECONDS

if TYPE_CHECKING:
    from conftest import Observed, Told

DURATION = "http.server.request.duration"


async def test_the_duration_is_measured_by_route_and_status(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/items/7")
        await http.get("/items/8")
    point = told.point(DURATION, http__route="/items/{id}", http__request__method="GET")
    assert point.attributes == {
        "http.request.method": "GET",
        "http.route": "/items/{id}",
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }
    assert point.count >= 2
    assert point.explicit_bounds == SECONDS


async def test_an_error_has_its_type(observed: Observed, told: Told) -> None:
    async with observed() as http:
        await http.get("/broken")
    assert told.point(DURATION, http__route="/broken", error__type="RuntimeError").count >= 1


async def test_paths_that_match_no_route_are_one_series(observed: Observed, told: Told) -> None:
    async with observed() as http:
        for number in range(3):
            await http.request("BREW", f"/nowhere/{number}")
    point = told.point(DURATION, http__request__method="_OTHER")
    assert point.count >= 3
    assert "http.route" not in point.attributes


async def test_requests_that_are_being_answered_are_counted(observed: Observed, told: Told) -> None:
    async with observed() as http:
        async with http.stream("GET", "/ticks") as answer:
            assert await anext(answer.aiter_bytes())
            during = told.point("http.server.active_requests", http__request__method="GET").value
        after = told.point("http.server.active_requests", http__request__method="GET").value
    assert during - after == 1


async def test_the_sizes_of_bodies_are_measured(observed: Observed, told: Told) -> None:
    async with observed() as http:
        sent = await http.put("/items/7", json={})
    assert sent.status_code == 200
    wanted = {"http__route": "/items/{id}", "http__request__method": "PUT"}
    assert told.point("http.server.request.body.size", **wanted).sum == 2
    assert told.point("http.server.response.body.size", **wanted).sum == len(sent.content)


async def test_a_body_is_as_large_as_what_was_read_whatever_the_client_says(
    observed: Observed, told: Told
) -> None:
    async with observed() as http:
        claims = {"content-length": "999999999999999999", "content-type": "application/json"}
        refused = await http.put("/items/7", content=b"{}", headers=claims)
    assert refused.status_code == 413
    wanted = {"http__route": "/items/{id}", "http__response__status_code": 413}
    assert told.point("http.server.request.body.size", **wanted).sum == 0
