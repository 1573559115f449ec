"""Completion in the shells that are there: bash always, others where they are installed."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.cli.conftest import PIKKU, TIMEOUT, environment

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project

ASK = {
    "bash": """
eval "$(pikku completion bash)"
COMP_LINE="{line}"
COMP_POINT=${{#COMP_LINE}}
_pikku pikku
printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "fish": 'pikku completion fish | source\ncomplete -C "{line}" | string split -f1 \\t\n',
}
"""Programs that print what a line can become, by shell."""
QUIET = {"bash": ["bash", "--norc", "--noprofile"], "fish": ["fish", "--no-config"]}
SHELLS = [shell for shell in ASK if shutil.which(shell)]


def asked(project: Project, shell: str, line: str) -> list[str]:
    """What a shell offers for a line."""
    done = subprocess.run(
        [*QUIET[shell], "-c", ASK[shell].format(line=line)],
        cwd=project.root,
        env=environment(PATH=path()),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=True,
    )
    return sorted(done.stdout.split())


def path() -> str:
    return os.pathsep.join([str(Path(PIKKU).parent), os.environ["PATH"]])


def test_there_is_a_shell_to_ask() -> None:
    assert "bash" in SHELLS


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pikku wat", ["watch"]),
        ("pikku secrets ", ["check", "list"]),
        ("pikku dev --gra", ["--grace"]),
        ("pikku dev --log-level de", ["debug"]),
        ("pikku info perm", ["permissions"]),
        ("pikku call gr", ["greet"]),
        ("pikku all --filter ", ["admin", "public"]),
        ("pikku --project . serve --po", ["--port"]),
    ],
)
def test_a_line_is_completed(generated: Project, shell: str, line: str, words: list[str]) -> None:
    with (generated.root / "pyproject.toml").open("a") as settings:
        settings.write('filters.admin.names = ["a"]\nfilters.public.names = ["p"]\n')
    assert asked(generated, shell, line) == words


def test_the_value_behind_an_equals_sign_is_completed_in_bash(generated: Project) -> None:
    assert asked(generated, "bash", "pikku dev --log-level=wa") == ["warning"]


def test_a_word_with_a_star_is_not_taken_for_files(generated: Project) -> None:
    (generated.root / "admin").mkdir()
    with (generated.root / "pyproject.toml").open("a") as settings:
        settings.write('filters."ad*".names = ["a"]\n')
    assert asked(generated, "bash", "pikku all --filter a") == ["ad*"]


def test_where_nothing_is_known_bash_is_left_to_files(project: Project) -> None:
    assert asked(project, "bash", "pikku call greet @") == []


def test_the_key_completes_a_line_in_an_interactive_bash(project: Project) -> None:
    driver, terminal = pty.openpty()
    shell = subprocess.Popen(
        [*QUIET["bash"], "-i"],
        cwd=project.root,
        env=environment(PATH=path(), PS1="", TERM="dumb"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        os.write(driver, b'eval "$(pikku completion bash)"; echo rea""dy\n')
        read_until(driver, b"ready")
        os.write(driver, b"pikku plug\t--json | head -c1; echo do''ne\n")
        assert b"pikku plugins --json" in read_until(driver, b"done")
    finally:
        shell.kill()
        shell.wait(TIMEOUT)
        os.close(driver)


def read_until(driver: int, wanted: bytes) -> bytes:
    """What a terminal shows, up to something that it must show."""
    shown = b""
    while wanted not in shown:
        shown += os.read(driver, 4096)
    return shown


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_each_script_says_where_it_is_put(project: Project, shell: str) -> None:
    done = project.run("completion", shell)
    assert done.returncode == 0
    assert f"pikku completion {shell}" in done.stdout


def test_it_works_in_a_project_with_wrong_settings(project: Project) -> None:
    (project.root / "pyproject.toml").write_text("[tool.pikku]\nsauce = 1\n")
    assert asked(project, "bash", "pikku wat") == ["watch"]
