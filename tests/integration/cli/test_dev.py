"""`pikku dev`: generate and serve, again with every change."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

DEV = ("dev", "--port", "0")


def test_it_generates_and_serves_at_once(project: Project) -> None:
    with project.running(*DEV) as server:
        assert httpx.get(f"{server.address()}/greet").json() == "hello"
        assert server.stop() == 0, server.text


def test_a_port_that_is_taken_ends_it(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = project.run("dev", "--port", str(port))
    assert result.returncode == 1
    assert result.stderr.startswith(f'Error: The port {port} of "127.0.0.1" cannot be taken (')
    assert "Waiting" not in result.stderr


def test_an_edit_is_served_at_the_same_address(project: Project) -> None:
    with project.running(*DEV) as server:
        address = server.address()
        project.replace("functions", '"hello"', '"good day"')
        assert server.address() == address
        assert httpx.get(f"{address}/greet").json() == "good day"
        assert "Changed: app/functions.py" in server.text


def test_a_new_wiring_is_served(project: Project) -> None:
    with project.running(*DEV) as server:
        address = server.address()
        assert httpx.get(f"{address}/again").status_code == 404
        with project.module("wirings").open("a") as wirings:
            wirings.write('wire_http(method="get", route="/again", func=greet)\n')
        server.address()
        assert httpx.get(f"{address}/again").json() == "hello"


def test_what_is_missing_is_waited_for_and_an_edit_of_dotenv_is_served(project: Project) -> None:
    project.write(
        values="""
            from pikku_core import define_variable

            define_variable("greeting", str)
        """,
        functions="""
            from pikku_core import pikku_sessionless_func


            @pikku_sessionless_func
            async def greet(*, variables) -> str:
                return variables.greeting


            @pikku_sessionless_func
            async def read_pipe() -> None: ...


            @pikku_sessionless_func
            async def forever() -> None: ...
        """,
    )
    with project.running(*DEV) as server:
        server.wait_for('variable "greeting" .* is missing: set "GREETING"')
        server.wait_for("Waiting for a change")
        (project.root / ".env").write_text("GREETING=hello\n")
        address = server.address()
        assert httpx.get(f"{address}/greet").json() == "hello"
        (project.root / ".env").write_text("GREETING=good day\n")
        assert server.address() == address
        assert httpx.get(f"{address}/greet").json() == "good day"
        assert "Changed: .env" in server.text


def test_the_services_of_what_is_replaced_are_torn_down(project: Project) -> None:
    with project.running(*DEV) as server:
        server.address()
        project.replace("functions", '"hello"', '"good day"')
        server.address()
        assert project.journal() == ["opened", "closed", "opened"]
        assert server.stop() == 0, server.text
    assert project.journal() == ["opened", "closed", "opened", "closed"]


def test_an_error_in_the_source_is_shown_and_what_ran_before_is_served(project: Project) -> None:
    with project.running(*DEV) as server:
        address = server.address()
        project.replace("functions", '    return "hello"', "    return (")
        server.wait_for("app/functions.py:.* PKU701")
        server.wait_for("What ran before is still served")
        assert httpx.get(f"{address}/greet").json() == "hello"
        project.replace("functions", "    return (", '    return "mended"')
        server.address()
        assert httpx.get(f"{address}/greet").json() == "mended"


def test_an_error_at_the_first_run_is_waited_out(project: Project) -> None:
    project.write(wirings="wire_http(")
    with project.running(*DEV) as server:
        server.wait_for("Waiting for a change")
        project.write(wirings="")
        server.wait_for("There is nothing to serve.* Waiting for a change")
        assert server.stop() == 0, server.text


def test_an_application_that_ends_by_itself_is_shown_and_replaced_at_the_next_change(
    project: Project,
) -> None:
    with project.running(*DEV) as server:
        address = server.address()
        project.replace("services", '    journal.write("opened")', "    raise OSError('disk full')")
        server.wait_for("disk full")
        server.wait_for("The application ended with exit code 1. Waiting for a change")
        project.replace("services", "    raise OSError('disk full')", "")
        server.address()
        assert httpx.get(f"{address}/greet").json() == "hello"


def test_connections_are_closed_at_once_while_the_application_does_not_start(
    project: Project,
) -> None:
    with project.running(*DEV) as server:
        address = server.address()
        project.replace("services", "from pathlib", "import nosuchmodule\nfrom pathlib")
        server.wait_for("No module named 'nosuchmodule'")
        server.wait_for("until then every connection is closed")
        for _ in range(2):
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{address}/greet", timeout=60)
        project.replace("functions", 'return "hello"', "return (")
        server.wait_for("Nothing was written. Waiting for a change; until then")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/greet", timeout=60)
        project.replace("services", "import nosuchmodule\n", "")
        project.replace("functions", "return (", 'return "mended"')
        assert server.address() == address
        assert httpx.get(f"{address}/greet").json() == "mended"
        assert server.stop() == 0, server.text


def test_a_wrong_setting_is_shown_and_waited_out(project: Project) -> None:
    settings = project.root / "pyproject.toml"
    good = settings.read_text()
    with project.running(*DEV) as server:
        server.address()
        settings.write_text(good.replace("source", "sauce"))
        server.wait_for('unknown key "tool.pikku.sauce"')
        settings.write_text(good)
        server.address()


def test_a_change_of_the_disabled_plugins_asks_for_a_new_start(project: Project) -> None:
    with project.running(*DEV) as server:
        server.address()
        with (project.root / "pyproject.toml").open("a") as settings:
            settings.write('plugins.disabled = ["mcp"]\n')
        server.wait_for('"plugins.disabled" has changed: start "pikku dev" again')


def test_the_application_does_not_outlive_a_killed_dev(project: Project) -> None:
    with project.running(*DEV) as server:
        server.address()
        server.process.kill()
        server.end()  # its output ends when the last process that writes to it has ended
    assert project.journal() == ["opened", "closed"]


def test_the_traceback_of_an_error_has_the_lines_of_the_project_alone(project: Project) -> None:
    project.replace("functions", '    return "hello"', '    return "hello" + 1')
    with project.running(*DEV) as server:
        assert httpx.get(f"{server.address()}/greet").status_code == 500
        server.wait_for("TypeError: can only concatenate str")
        server.wait_for("of installed packages left out; --log-level debug shows all")
    assert 'app/functions.py", line 16, in greet' in server.text
    assert "/pikku_http/" not in server.text


def test_at_level_debug_a_traceback_is_whole(project: Project) -> None:
    project.replace("functions", '    return "hello"', '    return "hello" + 1')
    with project.running(*DEV, "--log-level", "debug") as server:
        assert httpx.get(f"{server.address()}/greet").status_code == 500
        server.wait_for("TypeError: can only concatenate str")
    assert "/pikku_http/" in server.text


def test_an_option_that_is_wrong_at_the_start_ends_it(project: Project) -> None:
    result = project.run(*DEV, "--tags", "nosuchtag")
    assert result.returncode == 2
    assert result.stderr.startswith("Error: ")
    assert "nosuchtag" in result.stderr
