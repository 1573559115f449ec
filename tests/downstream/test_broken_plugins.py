"""Plugins of strangers that are broken in one way each: every one is named, and none takes the tool down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downstream.conftest import Environment, VenvWith


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken plugin, the stage at which it fails, and what is said about it."""

    name: str
    stage: str
    words: tuple[str, ...]

    @property
    def distribution(self) -> str:
        return f"acme-{self.name.replace('_', '-')}"


BROKEN = [
    Broken("raises", "import", ("RuntimeError: the host of the plugin is gone",)),
    Broken("wrong_argument", "register", ("pikku_wiring_kinds", "project")),
    Broken("unknown_hook", "register", ("pikku_wirring_kinds",)),
    Broken("old_api", "api", ("plugin API 0", "this pikku has 1")),
    Broken(
        "duplicate_kind",
        "merge",
        ('"http" is provided by acme-duplicate-kind 1.0.0 and pikku-http 0.1.0',),
    ),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one function."""
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (tmp_path / "app").mkdir()
    (tmp_path / "app/functions.py").write_text(
        "from pikku_core import pikku_sessionless_func\n\n\n"
        "@pikku_sessionless_func(expose=True)\n"
        "async def greet(data: str) -> str:\n"
        '    return f"Hello, {data}"\n'
    )
    return tmp_path


@pytest.fixture(params=BROKEN, ids=lambda broken: broken.name, scope="module")
def broken(request: pytest.FixtureRequest) -> Broken:
    param: Broken = request.param
    return param


@pytest.fixture(scope="module")
def environment(broken: Broken, venv_with: VenvWith) -> Environment:
    """An environment with this broken plugin in it."""
    return venv_with("pikku-cli", "pikku-http", broken.distribution)


def test_plugins_names_it_with_version_stage_error_and_switch(
    environment: Environment, broken: Broken, project: Path
) -> None:
    result = environment.run("pikku", "plugins", cwd=project)
    assert result.returncode == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("Plugin ")]
    assert f'"{broken.stage}"' in line
    assert f"{broken.distribution} 1.0.0" in line
    assert any(f'"--disable-plugin {one}"' in line for one in (broken.name, broken.distribution))
    assert all(word in line for word in broken.words), line
    assert "Traceback" not in result.stdout + result.stderr


def test_plugins_gives_the_same_as_json(
    environment: Environment, broken: Broken, project: Path
) -> None:
    result = environment.run("pikku", "plugins", "--json", cwd=project)
    (failure,) = [row["failure"] for row in json.loads(result.stdout) if row["status"] == "failed"]
    assert failure["stage"] == broken.stage
    assert all(word in failure["error"] for word in broken.words)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_the_tool_can_still_be_asked(environment: Environment, project: Path, option: str) -> None:
    result = environment.run("pikku", option, cwd=project)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("command", ["all", "check", "dev"])
def test_a_command_that_would_miss_it_refuses_to_run_and_names_it(
    environment: Environment, broken: Broken, project: Path, command: str
) -> None:
    result = environment.run("pikku", command, cwd=project)
    assert result.returncode == 3
    assert f"{broken.distribution} 1.0.0" in result.stderr
    assert not (project / ".pikku").exists()


def test_what_needs_no_plugin_runs(environment: Environment, project: Path) -> None:
    result = environment.run("pikku", "info", cwd=project)
    assert result.returncode == 0
    assert "greet" in result.stdout


@pytest.mark.parametrize("place", ["before", "after"])
def test_disabling_it_before_or_after_the_command_mends_it(
    environment: Environment, broken: Broken, project: Path, place: str
) -> None:
    switch = ("--disable-plugin", broken.name)
    command = ("pikku", *switch, "all") if place == "before" else ("pikku", "all", *switch)
    result = environment.run(*command, cwd=project)
    assert result.returncode == 0, result.stderr
    assert (project / ".pikku").is_dir()


@pytest.mark.parametrize("switch", ["distribution", "setting", "variable", "none"])
def test_each_of_the_other_switches_mends_it(
    environment: Environment, broken: Broken, project: Path, switch: str
) -> None:
    command, variables = ["pikku", "all"], dict[str, str]()
    if switch == "distribution":
        command += [f"--disable-plugin={broken.distribution}"]
    elif switch == "setting":
        with (project / "pyproject.toml").open("a") as settings:
            settings.write(f'plugins.disabled = ["{broken.name}"]\n')
    elif switch == "variable":
        variables["PIKKU_PLUGINS"] = "http"
    else:
        command.insert(1, "--no-plugins")
    result = environment.run(*command, cwd=project, **variables)
    assert result.returncode == 0, result.stderr


def test_a_plugin_that_is_off_is_listed_as_such(
    environment: Environment, broken: Broken, project: Path
) -> None:
    result = environment.run("pikku", "plugins", "--disable-plugin", broken.name, cwd=project)
    (row,) = [line for line in result.stdout.splitlines() if broken.distribution in line]
    assert "disabled" in row


def test_a_slow_plugin_works_and_is_seen(venv_with: VenvWith, project: Path) -> None:
    environment = venv_with("pikku-cli", "acme-slow")
    assert environment.run("pikku", cwd=project).returncode == 0
    rows = json.loads(environment.run("pikku", "plugins", "--json", cwd=project).stdout)
    took = {row["name"]: row["milliseconds"] for row in rows}
    assert took["slow"] >= 500
    assert max(took, key=lambda name: took[name]) == "slow"
