"""`--json`: what the commands say, for programs: one document, whatever comes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.core import TyperGroup

from pikku_cli.main import command_line, main, prepare
from pikku_cli.options import read_global_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import CompletedProcess

FOUND: dict[str, object] = {"functions": 2, "wirings": {}, "services": 1}


def test_a_run_says_what_it_found_and_wrote(pikku: Callable[..., CompletedProcess[str]]) -> None:
    first = json.loads(pikku("--json").stdout)
    assert first["found"] == FOUND
    assert first["out"] == ".pikku"
    assert "function/pikku_functions_gen.py" in first["written"]
    second = json.loads(pikku("all", "--json").stdout)
    assert (second["written"], second["removed"]) == ([], [])
    assert second["unchanged"] + 1 == len(first["written"])


def test_a_check_says_what_it_found(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    assert json.loads(pikku("check", "--json").stdout) == {"found": FOUND, "diagnostics": []}


def test_an_error_has_its_parts_and_the_exit_code_stays(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    source = project / "app/functions.py"
    source.write_text(source.read_text().replace("clock: int)", "clck: int)"))
    for command in ("all", "check"):
        result = pikku(command, "--json")
        assert result.returncode == 1
        (diagnostic,) = json.loads(result.stdout)["diagnostics"]
        assert diagnostic["severity"] == "error"
        assert diagnostic["place"] == "app/functions.py:10"
        assert '"clck"' in diagnostic["message"]
        assert result.stderr.startswith("Error: ")


def test_a_wrong_setting_is_a_document_too(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "pyproject.toml").write_text("[tool.pikku]\nsauce = []\n")
    result = pikku("--json")
    assert result.returncode == 2
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "SettingsError"
    assert result.stderr == f"Error: {error['message']}\n"


def test_an_option_that_only_looks_like_it_asks_for_no_document(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    result = pikku("call", "--", "gret", "--json")
    assert (result.returncode, result.stdout) == (1, "")


def commands_with_json() -> list[str]:
    """Every command that has the option, with the plugins that are installed."""
    tool = command_line(prepare(read_global_options(["--version"])).registry)
    return sorted(_with_json(tool, ()))


def _with_json(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from _with_json(each, (*path, name))
        return
    loaded = command.make_context(path[-1], [], resilient_parsing=True).command
    if any("--json" in parameter.opts for parameter in loaded.params):
        yield " ".join(path)


@pytest.mark.parametrize("command", commands_with_json())
@pytest.mark.parametrize(
    ("wrong", "settings"),
    [
        (["--no-such-option"], ""),
        (["--project"], ""),
        (["one", "two", "three", "four"], ""),
        (["one", "two"], "sauce = []"),
    ],
)
def test_every_command_prints_one_document_whatever_is_wrong(
    *,
    command: str,
    wrong: list[str],
    settings: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.pikku]\n{settings}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--json", *wrong])
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert set(json.loads(printed.out)) == {"error"}
    assert printed.err.startswith("Error: ")


def test_a_filter_that_matches_nothing_is_a_document_too(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    for command in ("all", "check", "info"):
        result = pikku(command, "--json", "--tags", "gretting")
        assert result.returncode != 0
        assert "gretting" in json.loads(result.stdout)["error"]["message"]


def test_a_full_standard_output_is_an_error_in_one_sentence(
    project: Path,
) -> None:
    for arguments in (["plugins"], ["check", "--json"], ["--version"], ["--help"]):
        with Path("/dev/full").open("w") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "pikku_cli", *arguments],
                cwd=project,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert ended.returncode == 1
        assert ended.stderr == "Error: The output cannot be written: No space left on device.\n"
