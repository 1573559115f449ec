"""Every parameter and every result is annotated, and whoever silences a checker says why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("packages/*/src/**/*.py"))
EVERYTHING = [
    *MODULES,
    *sorted(ROOT.glob("packages/*/tests/**/*.py")),
    *sorted(
        file
        for part in ("benchmarks", "examples", "tests")
        for file in ROOT.glob(f"{part}/**/*.py")
    ),
]
SILENCED = re.compile(r"#\s*(?:type: ?ignore|pyright: ?ignore|noqa)\b")
DIRECTIVE = re.compile(
    r"#\s*(?:(?:type|pyright): ?ignore\[[\w\-, ]+\]|noqa: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)"
)


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def unannotated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    every = [*named, *filter(None, (given.vararg, given.kwarg))]
    missing = [one.arg for one in every if not one.annotation and one.arg not in {"self", "cls"}]
    return missing if function.returns else [*missing, "return"]


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_every_parameter_and_result_is_annotated(module: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [
        f"{one.name}: {', '.join(unannotated(one))}" for one in functions if unannotated(one)
    ] == []


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_annotations_are_never_evaluated_at_import(module: Path) -> None:
    body = [node for node in ast.parse(module.read_text()).body if not isinstance(node, ast.Expr)]
    first = body[0] if body else None
    assert first is None or (isinstance(first, ast.ImportFrom) and first.module == "__future__")


@pytest.mark.parametrize("module", EVERYTHING, ids=name)
def test_a_silenced_checker_has_its_rule_and_a_reason(module: Path) -> None:
    silenced = [line for line in module.read_text().splitlines() if SILENCED.search(line)]
    reasons = [DIRECTIVE.sub("", line[line.index("#") :]) for line in silenced]
    bare = [one for one in reasons if SILENCED.search(one) or not re.search(r"\w+\W+\w+", one)]
    assert bare == []
