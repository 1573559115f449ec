"""What clients get from a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server


def test_a_result_is_json(either: Server) -> None:
    response = httpx.get(f"{either.url}/hello")
    assert (response.status_code, response.json()) == (200, "hello")
    assert response.headers["content-type"] == "application/json"


def test_data_comes_from_the_body(either: Server) -> None:
    response = httpx.post(f"{either.url}/notes", json={"text": "a", "weight": 1})
    assert response.json() == {"text": "a", "weight": 1.0}


def test_what_is_not_declared_is_not_shown(either: Server) -> None:
    assert httpx.get(f"{either.url}/people").json() == [{"name": "Ada"}]


def test_a_dict_that_does_not_fit_its_model_is_a_500(either: Server) -> None:
    response = httpx.get(f"{either.url}/person")
    assert response.status_code == 500
    assert "nickname" not in response.text


def test_a_parameter_that_nobody_declares_is_not_merged(either: Server) -> None:
    assert httpx.get(f"{either.url}/search?utm_source=x&text=tea").json() == "tea"


def test_a_redirect_is_followed(either: Server) -> None:
    response = httpx.get(f"{either.url}/away", follow_redirects=True)
    assert (response.history[0].status_code, response.json()) == (303, "hello")


def test_head_says_the_length_of_get(either: Server) -> None:
    head = httpx.head(f"{either.url}/blob")
    assert (head.headers["content-length"], head.content) == ("100000", b"")


def test_an_error_of_the_server_shows_only_a_trace_id(either: Server) -> None:
    response = httpx.get(f"{either.url}/broken", headers={"x-request-id": "abc"})
    assert response.status_code == 500
    assert response.json()["error"]["trace_id"] == response.headers["x-request-id"] == "abc"
    assert "password" not in response.text


@pytest.mark.parametrize("route", ["leave", "cancelled"])
def test_what_would_end_a_program_ends_the_call_and_the_server_lives(
    either: Server, route: str
) -> None:
    response = httpx.get(f"{either.url}/{route}", headers={"x-request-id": "abc"})
    assert response.status_code == 500
    assert response.json()["error"] == {
        "code": "internal_error",
        "message": "The server could not complete the call.",
        "trace_id": "abc",
    }
    assert either.alive()


def test_a_number_too_large_for_a_float_is_the_callers_fault(either: Server) -> None:
    body = '{"text": "a", "weight": 1e999}'
    response = httpx.post(
        f"{either.url}/notes", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == 422
    (fault,) = response.json()["error"]["details"]
    assert (fault["location"], fault["code"]) == (["weight"], "finite_number")


def test_a_header_cannot_be_split(either: Server) -> None:
    response = httpx.get(f"{either.url}/split")
    assert response.status_code == 500
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("path", ["a/b", "../../etc/passwd", "..%2f..%2fetc/passwd"])
def test_a_path_is_text_for_the_function(either: Server, path: str) -> None:
    raw = f"GET /files/{path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()
    body = either.exchange(raw).split(b"\r\n\r\n", 1)[1].decode()
    assert body == f'"{path.replace("%2f", "/")}"'
