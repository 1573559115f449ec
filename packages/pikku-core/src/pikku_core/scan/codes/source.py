"""Files, packages and settings."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

CODES: Final = (
    DiagnosticCode(
        code="PKU701",
        title="a file cannot be read",
        explanation=(
            "The file is no Python that this interpreter can parse, or not text in its declared encoding. Nothing in "
            "it was scanned; the other files were."
        ),
        example="from pikku_core import pikku_func\n\nasync def broken(:\n    ...\n",
        mended="from pikku_core import pikku_func\n\nasync def broken():\n    ...\n",
    ),
    DiagnosticCode(
        code="PKU729",
        title="a package loads everything at once",
        severity=Severity.INFO,
        explanation=(
            "The `__init__` of a package imports modules with functions or services. Importing any one of them runs "
            "the `__init__` first, so a cold start or a bundle that needs one function loads them all."
        ),
        example=(
            "# app/users/__init__.py\n"
            "from app.users.create import create_user as create_user\n"
            "# app/users/create.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user() -> None: ...\n"
        ),
        mended=(
            "# app/users/__init__.py\n"
            "# app/users/create.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user() -> None: ...\n"
        ),
    ),
    DiagnosticCode(
        code="PKU756",
        title="the setting `source` names nothing",
        explanation="An entry of `source` in `[tool.pikku]` is neither a folder nor a module of the project.",
        example='# pyproject.toml\n[tool.pikku]\nsource = ["ap"]\n',
        mended='# pyproject.toml\n[tool.pikku]\nsource = ["app"]\n',
    ),
    DiagnosticCode(
        code="PKU757",
        title="two files are one module",
        severity=Severity.WARNING,
        explanation=(
            "Two source files have the same module name, such as `app.py` beside `app/__init__.py`, or one module in two "
            "folders of `source`. Python imports only one of them, so nothing in the other was scanned."
        ),
        example=(
            "# app/users.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user() -> None: ...\n"
            "# app/users/__init__.py\n"
        ),
        mended=(
            "# app/create.py\n"
            "from pikku_core import pikku_sessionless_func\n\n"
            "@pikku_sessionless_func\n"
            "async def create_user() -> None: ...\n"
            "# app/users/__init__.py\n"
        ),
    ),
)
