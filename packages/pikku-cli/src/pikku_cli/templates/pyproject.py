"""The `pyproject.toml` of what stands in a folder of its own."""

from __future__ import annotations

from typing import Final

_HEAD: Final = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "$kebab"
version = "0.1.0"
readme = "README.md"
requires-python = ">=3.11"
"""

_WHEEL: Final = """
[tool.hatch.build.targets.wheel]
packages = ["src/$snake"]
"""

_SETTINGS: Final = """
[tool.pikku]
source = ["src/$snake"]
"""

_MYPY: Final = """
[tool.mypy]
strict = true
files = ["src", "tests"]
mypy_path = """

_PYRIGHT: Final = """
[tool.pyright]
include = ["src", "tests"]
"""

_REST: Final = """\
typeCheckingMode = "strict"

[tool.pytest]
testpaths = ["tests"]
addopts = ["--import-mode=importlib"]
"""


def pyproject(needs: str, *, is_project: bool) -> str:
    """The file, to be filled.

    Args:
        needs: The rest of its table `project`, and its dependency groups.
        is_project: Whether `pikku` generates anything in the folder.
    """
    if not is_project:
        return f'{_HEAD}{needs}{_WHEEL}{_MYPY}["src"]\n{_PYRIGHT}{_REST}'
    paths = '["src", ".pikku/types"]'
    return (
        f"{_HEAD}{needs}{_WHEEL}{_SETTINGS}{_MYPY}{paths}\n{_PYRIGHT}extraPaths = {paths}\n{_REST}"
    )
