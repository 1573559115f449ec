from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import pytest
import typer

from pikku_cli.absent import LeanCommand


def _run(arguments: list[str]) -> dict[str, object]:
    """What a command is called with."""
    called: dict[str, object] = {}
    app = typer.Typer(add_completion=False)

    @app.command(cls=LeanCommand)
    def command(
        count: Annotated[int | None, typer.Option()] = None,
        names: Annotated[list[str] | None, typer.Option("--name")] = None,
        port: Annotated[int, typer.Option()] = 8000,
    ) -> None:
        called.update(count=count, names=names, port=port)

    typer.main.get_command(app).main(arguments, standalone_mode=False)
    return called


def test_options_that_are_not_given_are_what_typer_makes_of_them() -> None:
    assert _run([]) == {"count": None, "names": None, "port": 8000}


def test_options_that_are_given_are_converted() -> None:
    arguments = ["--count", "3", "--name", "a", "--name", "b", "--port", "1"]
    assert _run(arguments) == {"count": 3, "names": ["a", "b"], "port": 1}


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(typer.TyperException, match="valid integer"):
        _run(["--count", "three"])


def test_a_command_without_options_needs_no_pydantic() -> None:
    code = (
        "import sys\n"
        "from pikku_cli.main import main\n"
        "try:\n"
        "    main(['--no-plugins', 'plugins'])\n"
        "finally:\n"
        "    print('pydantic' in sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "False"
