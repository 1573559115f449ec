"""`pikku call` in a project with a transport and services."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project


def test_services_are_started_and_stopped_round_the_call(generated: Project) -> None:
    done = generated.run("call", "greet")
    assert (done.returncode, done.stdout, done.stderr) == (0, '"hello"\n', "")
    assert generated.journal() == ["opened", "greeted", "closed"]


def test_a_service_that_does_not_start_is_one_sentence(project: Project) -> None:
    project.replace("services", '    journal.write("opened")', '    raise OSError("disk full")')
    done = project.run("call", "greet", "--build")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "disk full (app/services.py:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_thing_of_a_transport_is_not_there(project: Project) -> None:
    project.replace(
        "functions",
        "async def greet(*, journal: Journal)",
        "async def greet(*, journal: Journal, http: Http)",
    )
    project.replace(
        "functions", "import asyncio\n", "import asyncio\nfrom pikku_http import Http\n"
    )
    project.replace("functions", '(expose="public")', "")
    done = project.run("call", "greet", "--build")
    assert done.returncode == 1
    assert '"http"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_module_that_cannot_be_imported_names_its_line(project: Project) -> None:
    project.replace("functions", "import asyncio\n", "import asyncio\nimport nosuchmodule\n")
    done = project.run("call", "greet", "--build")
    assert done.returncode == 1
    assert "No module named 'nosuchmodule' (app/functions.py:4)" in done.stderr.splitlines()[-1]


def test_services_are_stopped_where_the_call_is_told_to_stop(generated: Project) -> None:
    pipe = generated.root / "pipe"
    os.mkfifo(pipe)
    with generated.running("call", "forever") as running:
        assert pipe.read_text() == "begun"
        assert running.stop() == 1
        assert running.text == "Error: The call was stopped before it ended.\n"
    assert generated.journal() == ["opened", "closed"]
