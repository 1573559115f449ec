"""Options that several commands have, as real processes take them."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

servers = pytest.mark.parametrize("command", ["serve", "dev"])
LOUD = """
from pikku_core import Logger, pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def shout(*, logger: Logger) -> None:
    logger.warning("a word of warning")

wire_http(method="get", route="/shout", func=shout)
"""


@servers
def test_a_server_listens_at_the_address_that_it_is_given(generated: Project, command: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
    with generated.running(command, "--host", "127.0.0.2", "--port", str(port)) as server:
        assert server.address() == f"http://127.0.0.2:{port}"
        assert httpx.get(f"http://127.0.0.2:{port}/greet").json() == "hello"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/greet")


@servers
@pytest.mark.parametrize(("level", "is_shown"), [("warning", True), ("error", False)])
def test_a_server_logs_from_the_level_on_that_it_is_given(
    project: Project, command: str, level: str, is_shown: bool
) -> None:
    project.write(loud=LOUD)
    assert project.run().returncode == 0
    with project.running(command, "--port", "0", "--log-level", level) as server:
        assert httpx.get(f"{server.address()}/shout").status_code == 204
        assert server.stop() == 0, server.text
    assert ("a word of warning" in server.text) == is_shown


def test_dev_cuts_off_what_is_not_answered_within_the_grace(project: Project) -> None:
    pipe = project.root / "pipe"
    os.mkfifo(pipe)
    with project.running("dev", "--port", "0", "--grace", "0") as server:
        address = server.address()
        with ThreadPoolExecutor(1) as clients:
            answer = clients.submit(httpx.get, f"{address}/forever", timeout=60)
            assert pipe.read_text() == "begun"
            project.replace("functions", 'return "hello"', 'return "changed"')
            assert server.address() == address
            failed = answer.exception()
        assert failed is not None or answer.result().status_code >= 500
        assert httpx.get(f"{address}/greet").json() == "changed"


@pytest.mark.parametrize("command", ["all", "check"])
def test_strict_makes_warnings_errors(project: Project, command: str) -> None:
    project.write(
        guards="""
        from typing import Any
        from pikku_core import Next, pikku_middleware
        from pikku_http import http_middleware

        @pikku_middleware
        async def passing(next: Next) -> Any:
            return await next()

        http_middleware("/nowhere/*", [passing])
        """
    )
    lenient, strict = project.run(command), project.run(command, "--strict")
    assert (lenient.returncode, strict.returncode) == (0, 1)
    for result in (lenient, strict):
        assert "PKU749 (warning)" in result.stdout + result.stderr
