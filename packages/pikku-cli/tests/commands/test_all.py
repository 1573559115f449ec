"""`pikku`: from source to generated files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


def test_it_says_what_it_found_and_wrote(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    result = pikku()
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Found 2 functions, 1 service.\n.pikku: ")
    assert (project / ".pikku/function/pikku_functions_gen.py").is_file()


def test_a_second_run_writes_nothing(pikku: Callable[..., CompletedProcess[str]]) -> None:
    assert pikku("all").returncode == 0
    assert ".pikku: 0 written" in pikku("all").stdout


def test_an_error_in_the_source_is_a_line_with_its_place_and_nothing_is_written(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    with (project / "app/functions.py").open("a") as source:
        source.write("\ndef broken(:\n")
    result = pikku()
    assert result.returncode == 1
    assert result.stdout.startswith("app/functions.py:17: PKU")
    assert result.stderr == 'Error: Nothing was written to ".pikku".\n'
    assert not (project / ".pikku/function").exists()


def test_it_works_from_a_folder_below_and_from_elsewhere(
    pikku: Callable[..., CompletedProcess[str]], project: Path, tmp_path: Path
) -> None:
    assert pikku(cwd=project / "app").returncode == 0
    assert ".pikku: 0 written" in pikku("--project", str(project), cwd=tmp_path).stdout
    assert ".pikku: 0 written" in pikku("all", f"--project={project}", cwd=tmp_path).stdout


def test_outside_a_project_it_says_so(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    result = pikku(cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith(f'Error: There is no "pyproject.toml" in "{tmp_path}"')


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("sauce = []", 'unknown key "tool.pikku.sauce"'),
        ('source = "app"', '"tool.pikku.source" of "pyproject.toml:2" must be a list of strings'),
        ("source = [", "is not TOML"),
    ],
)
def test_a_wrong_setting_is_one_error_and_nothing_is_written(
    pikku: Callable[..., CompletedProcess[str]], project: Path, table: str, words: str
) -> None:
    (project / "pyproject.toml").write_text(f"[tool.pikku]\n{table}\n")
    result = pikku()
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (project / ".pikku").exists()


def test_a_variable_moves_the_generated_files(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    assert "build/pikku: " in pikku(PIKKU_OUT="build/pikku").stdout
    assert (project / "build/pikku").is_dir()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["docter"], 'There is no command "pikku docter". Did you mean "doctor"?'),
        (["all", "--strct"], 'no option "--strct" of "pikku all". Did you mean "--strict"?'),
        (["--projct"], 'no option "--projct" of "pikku all". Did you mean "--project"?'),
        (["all", "extra"], '"pikku all" has no use for "extra"'),
        (["--disable-plugin", "nowhere"], 'the plugin "nowhere", which is not installed'),
        (["--disable-plugin", "croe"], 'not installed: did you mean "core"?'),
        (["--disable-plugin", "core"], '"core", which is part of the tool and cannot be disabled'),
        (["--disable-plugin", "cli"], '"cli", which is part of the tool and cannot be disabled'),
    ],
)
def test_a_wrong_command_line_ends_with_2(
    pikku: Callable[..., CompletedProcess[str]], arguments: list[str], words: str
) -> None:
    result = pikku(*arguments)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert words in line
