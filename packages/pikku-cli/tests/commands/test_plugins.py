"""`pikku plugins`: what is installed, and what became of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

BROKEN = "raise RuntimeError('gone')\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with one installed plugin, which is broken."""
    folder = tmp_path / "site"
    info = folder / "acme-2.1.dist-info"
    info.mkdir(parents=True)
    (folder / "acme_plugin.py").write_text(BROKEN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.1\n\nName: no\n")
    (info / "entry_points.txt").write_text("[pikku.plugins]\nboom = acme_plugin\n")
    return folder


def test_core_and_the_tool_are_listed(pikku: Callable[..., CompletedProcess[str]]) -> None:
    result = pikku("plugins")
    assert result.returncode == 0
    rows = [line.split()[:2] for line in result.stdout.splitlines()]
    assert ["core", "pikku-core"] in rows
    assert ["cli", "pikku-cli"] in rows


def test_hooks_are_listed_on_request(pikku: Callable[..., CompletedProcess[str]]) -> None:
    assert "pikku_commands" in pikku("plugins", "--hooks").stdout
    assert "pikku_commands" not in pikku("plugins").stdout


def test_it_works_outside_a_project_and_in_a_broken_one(
    pikku: Callable[..., CompletedProcess[str]], project: Path, tmp_path: Path
) -> None:
    assert pikku("plugins", cwd=tmp_path).returncode == 0
    (project / "pyproject.toml").write_text("[tool")
    assert pikku("plugins").returncode == 0


def test_a_broken_plugin_is_a_row_with_the_reason_below(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    result = pikku("plugins", PYTHONPATH=str(site))
    assert result.returncode == 0
    assert ["boom", "acme", "2.1", "failed"] in [
        line.split()[:4] for line in result.stdout.splitlines()
    ]
    assert result.stdout.endswith(
        'Plugin "boom" (acme 2.1) failed at stage "import": RuntimeError: gone. '
        'Turn it off with "--disable-plugin boom".\n'
    )


def test_its_traceback_is_in_the_json(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    rows = json.loads(pikku("plugins", "--json", PYTHONPATH=str(site)).stdout)
    (failure,) = [row["failure"] for row in rows if row["name"] == "boom"]
    assert "acme_plugin.py" in failure["traceback"]


def test_an_unknown_command_may_be_that_of_a_broken_plugin(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    result = pikku("boom", PYTHONPATH=str(site))
    assert result.returncode == 2
    assert 'Plugins that failed, and with them their commands: "boom"' in result.stderr


def test_the_version_needs_no_plugin_at_all(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    result = pikku("--version", PYTHONPATH=str(site))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("pikku ")


def test_no_plugins_leaves_core_and_the_tool(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    rows = json.loads(pikku("plugins", "--no-plugins", "--json", PYTHONPATH=str(site)).stdout)
    assert [row["name"] for row in rows if row["status"] == "active"] == ["core", "cli"]


@pytest.mark.parametrize("command", ["all", "info", "serve"])
def test_a_plugin_that_the_variable_names_and_is_not_there_stops_every_command(
    pikku: Callable[..., CompletedProcess[str]], project: Path, command: str
) -> None:
    result = pikku(command, PIKKU_PLUGINS="clii")
    assert result.returncode == 2
    assert result.stderr == (
        'Error: The variable "PIKKU_PLUGINS" names the plugin "clii", which is not installed: '
        'did you mean "cli"?\n'
    )
    assert not (project / ".pikku").exists()


def test_what_lists_plugins_runs_without_one_that_the_variable_names(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    result = pikku("plugins", PIKKU_PLUGINS="nowhere")
    assert result.returncode == 0
    assert '"nowhere"' in result.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", 'names the plugin "nowhere", which is not installed'),
        ("core", 'names the plugin "core", which is part of the tool and cannot be disabled'),
    ],
)
def test_a_plugin_that_the_settings_disable_must_be_there(
    pikku: Callable[..., CompletedProcess[str]], project: Path, name: str, words: str
) -> None:
    (project / "pyproject.toml").write_text(f'[tool.pikku]\nplugins.disabled = ["{name}"]\n')
    result = pikku()
    assert result.returncode == 2
    assert words in result.stderr
    assert not (project / ".pikku").exists()
    assert pikku("plugins").returncode == 0
    assert pikku("--help").returncode == 0


def test_a_command_that_runs_without_a_broken_plugin_warns_of_it(
    pikku: Callable[..., CompletedProcess[str]], site: Path
) -> None:
    result = pikku("info", PYTHONPATH=str(site))
    assert result.returncode == 0
    assert result.stderr.startswith('Warning: Plugin "boom" (acme 2.1) failed')
