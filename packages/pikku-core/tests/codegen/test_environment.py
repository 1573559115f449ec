"""Secrets and variables in the generated files: the tables, the types that checkers see, and the App they make."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pikku_core.codegen.files import write_files
from pikku_core.codegen.plan import render_core
from pikku_core.plugin.model import Project

Render = Callable[[str], dict[str, str]]
Load = Callable[[str], dict[str, Any]]
Scan = Callable[[str], Project]

SECRETS = "secrets/pikku_secrets_gen.py"
VARIABLES = "variables/pikku_variables_gen.py"

PROJECT = """\
# app/__init__.py
# app/models.py
from dataclasses import dataclass
@dataclass
class Login:
    user: str
# app/values.py
from datetime import timedelta
from app.models import Login
from pikku_core import define_secret, define_variable
define_secret("stripe_key", str)
define_secret("smtp", Login, optional=True)
define_variable("page_size", int, default=20)
define_variable("patience", timedelta, default=timedelta(seconds=5))
define_variable("ports", list[int] | None)
# app/services.py
from __future__ import annotations
from typing import TYPE_CHECKING
from pikku_core import pikku_service
if TYPE_CHECKING:
    from pikku_app import Secrets, Variables
@pikku_service
def stripe(*, secrets: Secrets, variables: Variables) -> str:
    return secrets.stripe_key.reveal() * variables.page_size
@pikku_service
def unused(*, secrets: Secrets) -> object:
    return secrets.smtp
# app/functions.py
from __future__ import annotations
from typing import TYPE_CHECKING
from pikku_core import pikku_sessionless_func
if TYPE_CHECKING:
    from pikku_app import Variables
@pikku_sessionless_func
async def pay(*, stripe: str, variables: Variables) -> int:
    return len(variables.ports or [])
"""


def test_each_definition_has_a_row_that_says_who_needs_it(render: Render, load: Load) -> None:
    files = render(PROJECT)
    rows = load(files[SECRETS])["DECLARATIONS"]
    assert rows["stripe_key"]["key"] == "STRIPE_KEY"
    # What only an unused service reads is needed by nobody.
    assert {name: row["needed_by"] for name, row in rows.items()} == {
        "smtp": {},
        "stripe_key": {"service": ["stripe"]},
    }
    rows = load(files[VARIABLES])["DECLARATIONS"]
    assert {name: row["needed_by"] for name, row in rows.items()} == {
        "page_size": {"service": ["stripe"]},
        "patience": {},
        "ports": {"function": ["pay"]},
    }


def test_the_definitions_are_written_out_again(render: Render) -> None:
    files = render(PROJECT)
    assert 'return define_secret("smtp", Login, optional=True)' in files[SECRETS]
    assert "from app.models import Login\n" in files[SECRETS]
    assert 'return define_variable("ports", list[int] | None)' in files[VARIABLES]
    assert "default=timedelta(seconds=5)" in files[VARIABLES]
    assert "app.values" not in files[SECRETS] + files[VARIABLES]


def test_the_metadata_says_all_for_tools(render: Render) -> None:
    files = render(PROJECT)
    secrets = json.loads(files["secrets/pikku-secrets-meta.gen.json"])
    assert secrets["smtp"] == {
        "source": "app/values.py:5",
        "type": {"type": "app.models.Login", "schema": None},
        "name": "smtp",
        "key": "SMTP",
        "optional": True,
        "description": "",
        "docs_url": "",
        "needed_by": {},
    }
    variables = json.loads(files["variables/pikku-variables-meta.gen.json"])
    assert variables["page_size"]["default"] == 20
    assert variables["patience"]["default"] == "datetime.timedelta(seconds=5)"
    assert "default" not in variables["ports"]


def test_a_project_without_definitions_has_the_types_alone(render: Render) -> None:
    files = render(
        "# app/functions.py\nfrom pikku_core import pikku_sessionless_func\n"
        "@pikku_sessionless_func\nasync def ping() -> None: ...\n"
    )
    assert [path for path in files if "secrets" in path or "variables" in path] == [
        "types/pikku_app/secrets/__init__.pyi",
        "types/pikku_app/variables/__init__.pyi",
    ]
    ast.parse(files["types/pikku_app/secrets/__init__.pyi"])


CHECKED = """\
from collections.abc import Mapping
from datetime import timedelta
from typing import assert_type
from app.models import Login
from pikku_app import Secrets, Variables
from pikku_core import Secret

def good(secrets: Secrets, variables: Variables) -> None:
    assert_type(secrets.stripe_key, Secret[str])
    assert_type(secrets.stripe_key.reveal(), str)
    assert_type(secrets.smtp, Secret[Login] | None)
    assert_type(variables.page_size, int)
    assert_type(variables.patience, timedelta)
    assert_type(variables.ports, list[int] | None)
    assert_type(variables["HOME"], str)
    mapping: Mapping[str, str] = variables
    print(mapping)

def bad(secrets: Secrets, variables: Variables) -> None:
    text: str = secrets.stripe_key
    secrets.strip_key
    secrets.smtp.reveal()
    number: int = secrets.stripe_key.reveal()
    variables.page_sise
    other: str = variables.page_size
    secrets.stripe_key = Secret("x")
    print(text, number, other)
"""
BAD = list(range(20, 27))


@pytest.fixture
def checked(scan_project: Scan, tmp_path: Path) -> Path:
    write_files(tmp_path / ".pikku", render_core(scan_project(PROJECT)))
    (tmp_path / "checked.py").write_text(CHECKED)
    return tmp_path


def run(*command: str, cwd: Path) -> str:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False).stdout


def test_mypy_knows_the_types_of_secrets_and_variables(checked: Path) -> None:
    (checked / "mypy.ini").write_text("[mypy]\nstrict = True\nmypy_path = .pikku/types\n")
    output = run(sys.executable, "-m", "mypy", "--no-pretty", "checked.py", "app", cwd=checked)
    errors = [line.split(":")[:2] for line in output.splitlines() if ": error:" in line]
    assert {file for file, _ in errors} == {"checked.py"}, output
    assert sorted({int(line) for _, line in errors}) == BAD, output


def test_pyright_knows_the_types_of_secrets_and_variables(checked: Path) -> None:
    settings = {
        "include": ["checked.py", "app"],
        "extraPaths": [".pikku/types"],
        "typeCheckingMode": "strict",
        "reportUnusedExpression": "none",
    }
    (checked / "pyrightconfig.json").write_text(json.dumps(settings))
    python = ["--pythonpath", sys.executable]
    output = run(sys.executable, "-m", "pyright", "--outputjson", *python, cwd=checked)
    errors = json.loads(output)["generalDiagnostics"]
    assert {Path(error["file"]).name for error in errors} == {"checked.py"}, output
    assert sorted({error["range"]["start"]["line"] + 1 for error in errors}) == BAD, output
