"""`pikku new`: what is written, where, and what is refused before anything is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pikku_cli import plugin
from pikku_core.plugin.loader import registry_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

TEMPLATES = registry_of(plugin).templates
IN_A_PROJECT = [name for name, template in TEMPLATES.items() if not template.standalone]
STANDALONE = [name for name, template in TEMPLATES.items() if template.standalone]


def files(folder: Path) -> set[str]:
    """The paths of all files below a folder."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def package(project: Path) -> Path:
    """The project, its functions in a package that takes more of them."""
    (project / "app/functions.py").rename(project / "app/main.py")
    (project / "app/__init__.py").touch()
    return project


def test_all_templates_are_commands_with_help(pikku: Callable[..., CompletedProcess[str]]) -> None:
    shown = pikku("new", "--help").stdout
    for name, template in TEMPLATES.items():
        assert f"{name} " in shown
        assert template.help in shown


@pytest.mark.parametrize("name", IN_A_PROJECT)
def test_what_is_written_is_said(
    pikku: Callable[..., CompletedProcess[str]], package: Path, name: str
) -> None:
    before = files(package)
    result = pikku("new", name, "send-welcome")
    assert (result.returncode, result.stderr) == (0, "")
    written = {line.removeprefix("Wrote ") for line in result.stdout.splitlines()}
    assert written == files(package) - before
    assert any(path.endswith("/send_welcome.py") for path in written)
    assert any(path.startswith("tests/test_") for path in written)


def test_a_function_that_another_module_has_is_refused(
    pikku: Callable[..., CompletedProcess[str]], package: Path
) -> None:
    before = files(package)
    result = pikku("new", "function", "greet")
    assert result.returncode == 1
    assert 'Nothing was written: "app/main.py:' in result.stderr
    assert 'has a function "greet". Choose another name.' in result.stderr
    assert files(package) - before <= {".pikku/.cache/.gitignore"}


@pytest.mark.parametrize("name", STANDALONE)
def test_a_folder_of_its_own_is_named_after_it_or_by_dir(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path, name: str
) -> None:
    assert pikku("new", name, "my-thing", cwd=tmp_path).returncode == 0
    assert pikku("new", name, "my-thing", "--dir", "other/place", cwd=tmp_path).returncode == 0
    assert files(tmp_path / "my-thing") == files(tmp_path / "other/place")
    assert "src/my_thing/__init__.py" in files(tmp_path / "my-thing")


def test_a_dry_run_writes_nothing(
    pikku: Callable[..., CompletedProcess[str]], package: Path, tmp_path: Path
) -> None:
    before = files(tmp_path)
    for command in [["function", "quote"], ["project", "thing", "--dir", str(tmp_path / "thing")]]:
        result = pikku("new", *command, "--dry-run")
        assert result.returncode == 0
        assert all(line.startswith("Would write ") for line in result.stdout.splitlines())
    assert files(tmp_path) == before


def test_json_has_the_paths(pikku: Callable[..., CompletedProcess[str]], package: Path) -> None:
    before = files(package)
    planned = json.loads(pikku("new", "function", "greet_all", "--json", "--dry-run").stdout)
    facts = json.loads(pikku("new", "function", "greet_all", "--json").stdout)
    assert facts == {"written": True, "files": sorted(files(package) - before)}
    assert planned == facts | {"written": False}


def test_all_that_is_there_already_is_named_and_nothing_is_written(
    pikku: Callable[..., CompletedProcess[str]], package: Path
) -> None:
    (package / "tests").mkdir()
    (package / "tests/test_greet_all.py").write_text("mine")
    before = files(package)
    result = pikku("new", "function", "greet_all")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        'Error: Nothing was written, for this is there already: "tests/test_greet_all.py".'
    ]
    assert files(package) == before


def test_a_module_is_not_hidden_by_a_package(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    before = files(project)
    result = pikku("new", "function", "greet_all")
    assert result.returncode == 1
    assert 'would hide the module "app/functions.py"' in result.stderr
    assert files(project) == before


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("function", "class"), '"class" is a keyword of Python'),
        (("function", "2fast"), '"2fast" is no name'),
        (("service", "logger"), '"logger" is what every invocation has'),
        (("function", "testimonial"), 'pytest would take "testimonial" for a test'),
        (("function", "greet_all", "--package", "ap"), 'no package "ap". Did you mean "app"?'),
        (("project", "json"), '"json" would hide the module'),
        (("plugin", "pikku-core"), '"pikku_core" would hide the installed package'),
        (("project", "thing", "--dir", "pyproject.toml"), "is a file"),
        (("functoin", "greet_all"), 'Did you mean "function"?'),
        (("function",), 'needs "NAME"'),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_nothing_is_written(
    pikku: Callable[..., CompletedProcess[str]], package: Path, command: list[str], words: str
) -> None:
    before = files(package)
    result = pikku("new", *command)
    assert (result.returncode, result.stdout) == (2, "")
    (sentence,) = result.stderr.splitlines()
    assert words in sentence
    assert files(package) == before


def test_it_goes_into_the_package_that_is_named(
    pikku: Callable[..., CompletedProcess[str]], package: Path
) -> None:
    (package / "app/admin").mkdir()
    (package / "app/admin/__init__.py").touch()
    assert pikku("new", "function", "greet_all", "--package", "app.admin").returncode == 0
    test = (package / "tests/test_greet_all.py").read_text()
    assert "from app.admin.functions.greet_all import" in test


def test_a_broken_plugin_keeps_nobody_from_writing(
    pikku: Callable[..., CompletedProcess[str]], package: Path, tmp_path: Path
) -> None:
    info = tmp_path / "site/acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pikku.plugins]\nboom = nowhere\n")
    result = pikku("new", "function", "greet_all", PYTHONPATH=str(info.parent))
    assert result.returncode == 0
    assert result.stderr.startswith('Warning: Plugin "boom" (acme 1.0) failed')


def test_outside_a_project_only_what_stands_alone_is_written(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    result = pikku("new", "function", "greet", cwd=tmp_path)
    assert result.returncode == 2
    assert 'There is no "pyproject.toml"' in result.stderr
    assert pikku("new", "addon", "my-mail", cwd=tmp_path).returncode == 0
