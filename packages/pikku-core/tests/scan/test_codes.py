"""Every code's example causes it and nothing else that is wrong, and the mended source causes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.scan.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin import DiagnosticCode
    from pikku_core.plugin.model import Project

_WITH_EXAMPLE = [found for found in CODES if found.example]


@pytest.mark.parametrize("code", _WITH_EXAMPLE, ids=[found.code for found in _WITH_EXAMPLE])
def test_an_example_causes_its_code_alone(
    code: DiagnosticCode, scan_source: Callable[..., Project]
) -> None:
    project = scan_source(code.example)
    assert {found.code for found in project.diagnostics} == {code.code}
    assert {found.severity for found in project.diagnostics} == {code.severity}


@pytest.mark.parametrize("code", _WITH_EXAMPLE, ids=[found.code for found in _WITH_EXAMPLE])
def test_the_mended_source_is_accepted(
    code: DiagnosticCode, scan_source: Callable[..., Project]
) -> None:
    assert [str(found) for found in scan_source(code.mended).diagnostics] == []


def test_codes_are_unique_and_explained() -> None:
    codes = [found.code for found in CODES]
    assert len(codes) == len(set(codes))
    assert all(found.title and found.explanation for found in CODES)
