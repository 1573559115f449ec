"""Every diagnostic: its example causes it at the last line, and the mended source is accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_http import plugin
from pikku_http.http.codes import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin import Diagnostic, DiagnosticCode

EACH = pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)


def diagnostics(root: Path, source: str) -> tuple[Diagnostic, ...]:
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "__init__.py").touch()
    (root / "public").mkdir(exist_ok=True)
    (root / "app" / "main.py").write_text(source)
    registry = registry_of(plugin)
    settings = load_settings(root, registry)
    return tuple(build(root, settings=settings, registry=registry).diagnostics)


@EACH
def test_the_example_causes_its_code_at_its_last_line(tmp_path: Path, code: DiagnosticCode) -> None:
    found = diagnostics(tmp_path, code.example)
    own = [one for one in found if one.code == code.code]
    assert [str(one.location) for one in own] == [f"app/main.py:{code.example.count(chr(10))}"]
    assert [one.severity for one in own] == [code.severity]
    # A declaration that raises where it stands is reported once more where its module is imported for types.
    assert {one.code for one in found} - {code.code, "PKU770"} == set()


@EACH
def test_the_mended_source_is_accepted(tmp_path: Path, code: DiagnosticCode) -> None:
    assert [str(one) for one in diagnostics(tmp_path, code.mended)] == []


def test_two_things_wrong_with_one_call_are_both_reported(tmp_path: Path) -> None:
    hello = next(code for code in CODES if code.code == "PKU741").example
    source = hello.replace('method="get"', 'method="GET"')
    assert [one.code for one in diagnostics(tmp_path, source)] == ["PKU741", "PKU742"]


@pytest.mark.parametrize(
    ("pattern", "codes"), [("/admin/*", ["PKU894"]), ("/hell*", []), ("*", [])]
)
def test_a_way_that_is_declared_for_other_routes_does_not_stand_for_one_that_is_not_read(
    tmp_path: Path, pattern: str, codes: list[str]
) -> None:
    source = next(code for code in CODES if code.code == "PKU894").example
    declared = f'from pikku_http import http_security\nhttp_security("key", header="x-key", pattern="{pattern}")\n'
    assert [one.code for one in diagnostics(tmp_path, source + declared)] == codes


def test_a_status_without_a_body_is_refused_for_a_function_with_a_result(tmp_path: Path) -> None:
    hello = next(code for code in CODES if code.code == "PKU744").mended
    (found,) = diagnostics(tmp_path, hello.replace("203", "204"))
    assert (found.code, str(found.location)) == ("PKU744", "app/main.py:8")


def test_a_name_may_be_an_alias(tmp_path: Path) -> None:
    source = next(code for code in CODES if code.code == "PKU571").example
    aliased = source.replace("user_id: int", 'user_id: int = Field(alias="id")')
    assert (
        diagnostics(tmp_path, aliased.replace("import BaseModel", "import BaseModel, Field")) == ()
    )


def test_a_route_of_a_function_without_data_takes_no_names(tmp_path: Path) -> None:
    source = next(code for code in CODES if code.code == "PKU741").mended
    (found,) = diagnostics(tmp_path, source.replace('"/hello"', '"/hello/{name}"'))
    assert found.code == "PKU571"
    assert "takes no data" in found.message


def test_data_without_a_type_is_not_reported_as_no_data(tmp_path: Path) -> None:
    source = next(code for code in CODES if code.code == "PKU571").mended
    untyped = re.sub(r"\(data: \w+\)", "(data)", source)
    assert untyped != source
    assert [one.code for one in diagnostics(tmp_path, untyped)] == ["PKU709"]


def test_a_pattern_whose_routes_may_stand_in_an_unreadable_file_is_left_alone(
    tmp_path: Path,
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "routes.py").write_text("from pikku_http import wire_http\nwire_http(\n")
    pattern = next(code for code in CODES if code.code == "PKU749").example
    assert [one.code for one in diagnostics(tmp_path, pattern)] == ["PKU701"]
