"""`pikku check`: everything that `pikku` would report, and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess


def test_a_good_project_passes_and_nothing_is_generated(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    result = pikku("check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Checked 2 functions, 1 service.\n"
    assert not (project / ".pikku/function").exists()


def test_an_error_fails_the_check(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    source = project / "app/functions.py"
    source.write_text(source.read_text().replace("clock: int)", "clack: int)"))
    result = pikku("check")
    assert result.returncode == 1
    assert "app/functions.py:" in result.stdout
    assert '"clack"' in result.stdout
    assert result.stderr == "Error: The check failed: 1 error.\n"
