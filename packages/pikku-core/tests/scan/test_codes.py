"""Every code's example causes it and nothing else that is wrong, and the mended source causes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.scan.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin import DiagnosticCode
    from pikku_core.plugin.model import Project

# A setting, or an addon that is installed, is no source of a project: other tests prove these.
ELSEWHERE = ("# pyproject.toml\n", "# acme_mail/")
EXAMPLES = [found for found in CODES if not found.example.startswith(ELSEWHERE)]
MENDED = [found for found in EXAMPLES if not found.mended.startswith(ELSEWHERE)]


@pytest.mark.parametrize("code", EXAMPLES, ids=[found.code for found in EXAMPLES])
def test_an_example_causes_its_code_alone(
    code: DiagnosticCode, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(code.example)
    assert {found.code for found in project.diagnostics} == {code.code}
    assert {found.severity for found in project.diagnostics} == {code.severity}


@pytest.mark.parametrize("code", MENDED, ids=[found.code for found in MENDED])
def test_the_mended_source_is_accepted(
    code: DiagnosticCode, scan_source: Callable[..., Project]
) -> None:
    assert [str(found) for found in scan_source(code.mended).diagnostics] == []


def test_codes_are_unique_and_explained() -> None:
    codes = [found.code for found in CODES]
    assert len(codes) == len(set(codes))
    assert all(found.title and found.explanation for found in CODES)
