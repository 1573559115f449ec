"""Server-sent events from real servers, to real clients."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, TIMEOUT, environment, listening
from tests.integration.http.node import NODE, installed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.http.conftest import Server

EVENTS = {"accept": "text/event-stream"}
CLOSED_WITHIN = 1.0
"""Seconds that a stream may outlive the interest in it."""

WATCH = """
import { EventSource } from "eventsource";

const source = new EventSource(process.argv[2]);
const seen = [];
const alive = setInterval(() => {}, 1000); // The client does not keep the program running while it waits.
source.addEventListener("tick", (event) => seen.push([event.lastEventId, JSON.parse(event.data)]));
source.addEventListener("message", (event) => seen.push(["message", JSON.parse(event.data)]));
source.addEventListener("done", (event) => {
  source.close();
  clearInterval(alive);
  console.log(JSON.stringify([...seen, ["done", JSON.parse(event.data)]]));
});
"""


@pytest.fixture(scope="session")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that prints what the `EventSource` of npm sees until the event "done"."""
    program = installed(tmp_path_factory.mktemp("eventsource"), "eventsource@5.1.5") / "watch.mjs"
    program.write_text(WATCH)
    return program


def seen_by_node(program: Path, url: str) -> object:
    done = subprocess.run(
        [NODE, str(program), url], capture_output=True, text=True, check=True, timeout=TIMEOUT
    )
    return json.loads(done.stdout)


def test_an_event_source_goes_on_where_a_stream_was_cut(server: Server, watching: Path) -> None:
    assert seen_by_node(watching, f"{server.url}/watch/cut") == [
        ["0", 0],
        ["1", 1],
        ["2", 2],
        ["3", 3],
        ["done", None],
    ]


def test_an_event_source_gets_the_result_as_its_last_event(server: Server, watching: Path) -> None:
    expected = [["message", 50], ["done", "built"]]
    assert seen_by_node(watching, f"{server.url}/build") == expected


def test_curl_gets_events_if_it_asks_for_them_and_json_if_not(either: Server) -> None:
    assert curl("-H", "accept: text/event-stream", f"{either.url}/build") == (
        'data: 50\n\nevent: done\ndata: "built"\n\n'
    )
    assert curl(f"{either.url}/build") == '"built"'


def test_events_come_while_they_are_made_and_who_leaves_ends_them(either: Server) -> None:
    with httpx.stream("GET", f"{either.url}/watch/left", headers=EVENTS) as response:
        lines = response.iter_lines()
        assert [next(lines) for _ in range(4)] == ["event: tick", "id: 0", "retry: 10", "data: 0"]
    gone = httpx.get(f"{either.url}/closed/left", timeout=CLOSED_WITHIN)
    assert gone.json() == "CancelledError"


def test_a_server_that_stops_ends_streams_of_events(project: Path) -> None:
    command = (*SERVE, "--grace", "60")
    with subprocess.Popen(
        command,
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            url = f"http://127.0.0.1:{listening(process)}/watch/stopped"
            with httpx.stream("GET", url, headers=EVENTS) as response:
                lines = response.iter_lines()
                assert next(lines) == "event: tick"
                process.send_signal(signal.SIGTERM)
                assert "event: done" not in list(lines)
            assert process.wait(timeout=TIMEOUT / 2) == 0
        finally:
            process.kill()


def curl(*arguments: str) -> str:
    program = shutil.which("curl")
    assert program is not None
    done = subprocess.run([program, "-sN", *arguments], capture_output=True, text=True, check=True)
    return done.stdout
