"""`--json`: what the commands say, for programs; errors stay on standard error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
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


def test_a_wrong_setting_leaves_standard_output_empty(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "pyproject.toml").write_text("[tool.pikku]\nsauce = []\n")
    result = pikku("--json")
    assert (result.returncode, result.stdout) == (2, "")
