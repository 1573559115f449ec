"""Filters on commands that go on: they hold for every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2 as httpx

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

PRESETS = 'filters.greeting = { http-routes = ["/greet"] }\n'


def statuses(address: str) -> list[int]:
    return [httpx.get(f"{address}{path}").status_code for path in ("/greet", "/nowhere", "/again")]


def wire(project: Project, route: str) -> None:
    with project.module("wirings").open("a") as wirings:
        wirings.write(f'wire_http(method="get", route="{route}", func=greet)\n')


def test_dev_serves_what_its_filters_choose_after_every_change(project: Project) -> None:
    wire(project, "/again")
    with project.running("dev", "--port", "0", "--http-routes=/greet") as server:
        address = server.address()
        assert statuses(address) == [200, 404, 404]
        wire(project, "/once-more")
        assert server.address() == address
        assert statuses(address) == [200, 404, 404]


def test_dev_waits_where_a_change_leaves_nothing_of_the_filters(project: Project) -> None:
    with project.running("dev", "--port", "0", "--http-routes=/greet") as server:
        server.address()
        project.replace("wirings", '"/greet"', '"/greeting"')
        server.wait_for('"--http-routes=/greet" matches nothing .did you mean "/greeting"')
        project.replace("wirings", '"/greeting"', '"/greet"')
        assert statuses(server.address())[0] == 200


def test_a_change_of_presets_that_were_named_asks_for_a_new_start(project: Project) -> None:
    settings = project.root / "pyproject.toml"
    settings.write_text(settings.read_text() + PRESETS)
    with project.running("dev", "--port", "0", "--filter=greeting") as server:
        server.address()
        settings.write_text(settings.read_text().replace("/greet", "/again"))
        server.wait_for('A preset of "filters" has changed: start "pikku dev" again')


def test_the_setting_is_read_again_with_every_change(project: Project) -> None:
    wire(project, "/again")
    settings = project.root / "pyproject.toml"
    settings.write_text(settings.read_text() + PRESETS)
    with project.running("dev", "--port", "0") as server:
        assert statuses(server.address()) == [200, 404, 200]
        settings.write_text(settings.read_text() + 'filter = ["greeting"]\n')
        assert statuses(server.address()) == [200, 404, 404]


def test_what_importing_declares_is_compared_with_all_of_the_source(project: Project) -> None:
    done = project.run("check", "--runtime", "--http-routes=/greet")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Checked 1 function, 1 http" in done.stdout
