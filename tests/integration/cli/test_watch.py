"""`pikku watch`: generated files that follow the source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import Project


ADDON = """\
from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
def send() -> None: ...
"""


def generated(project: Project) -> str:
    return (project.root / ".pikku/function/pikku_functions_gen.py").read_text()


def test_it_generates_at_once_and_with_every_change(project: Project) -> None:
    with project.running("watch") as watching:
        watching.wait_for(r"\.pikku: \d+ written")
        assert "greet_again" not in generated(project)
        with project.module("functions").open("a") as functions:
            functions.write("\n\n@pikku_sessionless_func\ndef greet_again() -> None: ...\n")
        watching.wait_for("Changed: app/functions.py")
        watching.wait_for(r"\.pikku: [1-9]\d* written")
        assert "greet_again" in generated(project)
        assert watching.stop() == 0, watching.text


def test_an_addon_that_is_worked_on_is_watched(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    (source / "mailing").mkdir(parents=True)
    (source / "mailing/__init__.py").touch()
    functions = source / "mailing/functions.py"
    functions.write_text(ADDON)
    (source / "mailing-1.0.dist-info").mkdir()
    (source / "mailing-1.0.dist-info/METADATA").write_text(
        "Metadata-Version: 2.1\nName: mailing\nVersion: 1.0\n"
    )
    (source / "mailing-1.0.dist-info/entry_points.txt").write_text(
        "[pikku.addons]\nmailing = mailing\n"
    )
    with project.module("wirings").open("a") as wirings:
        wirings.write(
            'from pikku_core import wire_addon\nwire_addon(name="m", package="mailing")\n'
        )
    with project.running("watch", PYTHONPATH=str(source)) as watching:
        watching.wait_for(r"\.pikku: \d+ written")
        functions.write_text(ADDON + ADDON.partition("\n")[2].replace("send", "send_again"))
        watching.wait_for("Changed: .*mailing/functions.py")
        watching.wait_for(r"\.pikku: [1-9]\d* written")
        assert "send_again" in generated(project)


def test_nothing_of_the_project_runs(project: Project) -> None:
    project.replace("functions", "import asyncio", "raise SystemExit(9)\nimport asyncio")
    with project.running("watch") as watching:
        watching.wait_for(r"\.pikku: \d+ written")
        assert watching.stop() == 0, watching.text
    assert project.journal() == []


def test_an_error_is_shown_and_the_files_stay(project: Project) -> None:
    with project.running("watch") as watching:
        watching.wait_for(r"\.pikku: \d+ written")
        before = generated(project)
        project.replace("functions", '    return "hello"', "    return (")
        watching.wait_for("app/functions.py:.* PKU701")
        watching.wait_for("Nothing was written. Waiting for a change.")
        assert generated(project) == before
        project.replace("functions", "    return (", '    return "mended"')
        watching.wait_for(r"\.pikku: \d+ written")


def test_a_wrong_setting_is_shown_and_waited_out(project: Project) -> None:
    settings = project.root / "pyproject.toml"
    good = settings.read_text()
    with project.running("watch") as watching:
        watching.wait_for(r"\.pikku: \d+ written")
        settings.write_text(good.replace("source", "sauce"))
        watching.wait_for(r'unknown key "tool.pikku.sauce".* Waiting for a change.')
        settings.write_text(good)
        watching.wait_for(r"\.pikku: \d+ written")


def test_each_run_is_one_line_of_json_on_request(project: Project) -> None:
    with project.running("watch", "--json") as watching:
        first = json.loads(watching.wait_for("^{.*}$")[0])
        assert first["found"]["functions"] == 3
        project.replace("functions", '    return "hello"', "    return (")
        second = json.loads(watching.wait_for("^{.*}$")[0])
        assert second["diagnostics"][0]["code"] == "PKU701"


def test_outside_a_project_it_does_not_start(project: Project) -> None:
    result = project.run("watch", cwd=project.root.parent)
    assert result.returncode == 2
    assert "pyproject.toml" in result.stderr
