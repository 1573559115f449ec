"""`pikku new plugin`: a transport with the rooms that every transport has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_cli.templates.plugin import distribution, proof, rooms
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
        "src/$snake/__init__.py": rooms.INIT,
        "src/$snake/plugin.py": rooms.PLUGIN,
        "src/$snake/py.typed": "",
        "src/$snake/runner.py": rooms.RUNNER,
        "src/$snake/scan.py": rooms.SCAN,
        "src/$snake/wiring.py": rooms.WIRING,
        "tests/test_$snake.py": proof.TEST,
    }
    for path, text in written.items():
        yield naming.fill(path), naming.fill(text, compatible=compatible(), code=_code(naming))


def _code(naming: Naming) -> str:
    """What its diagnostics begin with: three capitals."""
    letters = [letter for letter in naming.snake.upper() if "A" <= letter <= "Z"]
    return "".join(letters[:3]).ljust(3, "X")
