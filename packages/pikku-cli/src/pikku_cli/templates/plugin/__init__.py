"""`pikku new plugin`: a transport with the rooms that every transport has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_cli.templates.plugin import declared, distribution, proof, running
from pikku_cli.templates.project import IGNORED, compatible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Naming


def files(naming: Naming) -> Iterator[tuple[str, str]]:
    """A distribution whose entry point names it as a plugin, with tests that need nothing but it."""
    written = {
        ".gitignore": IGNORED,
        "README.md": distribution.README,
        "pyproject.toml": distribution.PYPROJECT,
        "src/$snake/__init__.py": declared.INIT,
        "src/$snake/plugin.py": declared.PLUGIN,
        "src/$snake/py.typed": "",
        "src/$snake/runner.py": running.RUNNER,
        "src/$snake/scan.py": declared.SCAN,
        "src/$snake/serve.py": running.SERVE,
        "src/$snake/wire.py": running.WIRE,
        "src/$snake/wiring.py": declared.WIRING,
        "tests/test_scan.py": proof.SCAN,
        "tests/test_transport.py": proof.TRANSPORT,
    }
    for path, text in written.items():
        yield naming.fill(path), naming.fill(text, compatible=compatible(), code=_code(naming))


def _code(naming: Naming) -> str:
    """What its diagnostics begin with: three capitals."""
    letters = [letter for letter in naming.snake.upper() if "A" <= letter <= "Z"]
    return "".join(letters[:3]).ljust(3, "X")
