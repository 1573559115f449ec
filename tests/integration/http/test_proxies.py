"""Whom the server believes about its client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2 as httpx
from tests.integration.http.conftest import SERVE, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.http.conftest import Server

FORWARDED = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


def test_nobody_is_believed_by_default(server: Server) -> None:
    assert httpx.get(f"{server.url}/who", headers=FORWARDED).json() == ["127.0.0.1", "http"]


def test_a_trusted_proxy_is_believed(project: Path) -> None:
    with running(project, SERVE, PIKKU_HTTP_TRUSTED_PROXIES="127.0.0.1") as server:
        answer = httpx.get(f"{server.url}/who", headers=FORWARDED)
    assert answer.json() == ["203.0.113.7", "https"]
