"""`pikku serve`: what was generated, until told to stop."""

from __future__ import annotations

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

SERVE = ("serve", "--port", "0")


def test_it_says_what_it_serves_and_where(generated: Project) -> None:
    with generated.running(*SERVE) as server:
        address = server.address()
        assert f"Serving {generated.root / '.pikku'}\n" in server.text
        assert httpx.get(f"{address}/greet").json() == "hello"


def test_sigterm_stops_the_services_and_ends_well(generated: Project) -> None:
    with generated.running(*SERVE) as server:
        httpx.get(f"{server.address()}/greet")
        assert server.stop() == 0, server.text
    assert generated.journal() == ["opened", "greeted", "closed"]


def test_what_is_being_answered_at_sigterm_is_answered(generated: Project) -> None:
    pipe = generated.root / "pipe"
    os.mkfifo(pipe)
    with generated.running(*SERVE) as server, ThreadPoolExecutor(1) as clients:
        answer = clients.submit(httpx.get, f"{server.address()}/pipe", timeout=60)
        with pipe.open("w") as written:  # returns when the function has opened it too
            server.process.terminate()
            written.write("the last word")
        assert answer.result().json() == "the last word"
        assert server.end() == 0, server.text


def test_what_is_not_answered_within_the_grace_is_cut_off(generated: Project) -> None:
    pipe = generated.root / "pipe"
    os.mkfifo(pipe)
    arguments = (*SERVE, "--grace", "0")
    with generated.running(*arguments) as server, ThreadPoolExecutor(1) as clients:
        answer = clients.submit(httpx.get, f"{server.address()}/forever", timeout=60)
        assert pipe.read_text() == "begun"
        assert server.stop() == 0, server.text
        failed = answer.exception()
        assert failed is not None or answer.result().status_code >= 500


@pytest.mark.parametrize("change", ["edit", "remove"])
def test_generated_files_that_are_not_of_the_source_are_refused(
    generated: Project, change: str
) -> None:
    if change == "edit":
        generated.replace("functions", '"hello"', '"bye"')
    else:
        (generated.root / ".pikku/pikku-sources.gen.json").unlink()
    result = generated.run(*SERVE)
    assert result.returncode == 1
    assert result.stderr.startswith("Error: The generated files do not belong to the source: ")
    assert result.stderr.endswith('Run "pikku" first.\n')


def test_without_generated_files_it_gives_the_command(project: Project) -> None:
    result = project.run(*SERVE)
    assert result.returncode == 1
    assert result.stderr == 'Error: There are no generated files in ".pikku". Run "pikku" first.\n'


def test_a_port_that_is_taken_is_named(generated: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = generated.run("serve", "--port", str(port))
    assert result.returncode == 1
    assert f'The port {port} of "127.0.0.1" cannot be taken' in result.stderr


def test_a_service_that_fails_to_start_is_named_and_the_others_are_torn_down(
    project: Project,
) -> None:
    with project.module("services").open("a") as services:
        services.write(
            "\n\n@pikku_service\n"
            "def printer(*, journal: Journal) -> int:\n"
            '    raise OSError("the printer is out of paper")\n'
        )
    project.replace("functions", "*, journal: Journal", "*, journal: Journal, printer: int")
    assert project.run().returncode == 0
    result = project.run(*SERVE)
    assert result.returncode == 1
    assert '"printer"' in result.stderr
    assert '"greet"' in result.stderr
    assert "out of paper (app/services.py:" in result.stderr
    assert project.journal() == ["opened", "closed"]


def test_a_module_that_cannot_be_imported_is_one_sentence_with_its_line(project: Project) -> None:
    project.replace("functions", "import asyncio\n", "import asyncio\nimport nosuchmodule\n")
    assert project.run().returncode == 0
    result = project.run(*SERVE)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith('Error: The component "http" (pikku-http ')
    assert line.endswith(
        " did not start: ModuleNotFoundError: No module named 'nosuchmodule' (app/functions.py:4)."
    )
    assert "Traceback" in project.run(*SERVE, "--log-level", "debug").stderr
    assert project.journal() == ["opened", "closed"] * 2


def test_a_project_without_wirings_has_nothing_to_serve(project: Project) -> None:
    project.write(wirings="")
    assert project.run().returncode == 0
    result = project.run("serve")
    assert result.returncode == 1
    assert "There is nothing to serve" in result.stderr
    assert '"http"' in result.stderr


def test_a_kind_whose_plugin_is_off_is_not_left_out_in_silence(generated: Project) -> None:
    result = generated.run(*SERVE, "--disable-plugin", "http")
    assert result.returncode == 3
    assert 'wirings of the kind "http", and no active plugin provides it' in result.stderr


def test_a_second_signal_does_not_wait(generated: Project) -> None:
    pipe = generated.root / "pipe"
    os.mkfifo(pipe)
    with generated.running(*SERVE, "--grace", "60") as server, ThreadPoolExecutor(1) as clients:
        answer = clients.submit(httpx.get, f"{server.address()}/pipe", timeout=60)
        with pipe.open("w"):
            server.process.send_signal(signal.SIGINT)
            server.wait_for("Shutting down")
            server.process.send_signal(signal.SIGINT)
            server.wait_for("Stopped at once")
        assert answer.exception() is not None or answer.result().status_code >= 200
        assert server.end() == 1
