"""Every code's example causes it and nothing else that is wrong, and the mended source causes nothing."""

from __future__ import annotations

import pytest

from pikku_core.scan.codes import CODES

_WITH_EXAMPLE = [found for found in CODES if found.example]


@pytest.mark.parametrize("code", _WITH_EXAMPLE, ids=lambda found: found.code)
def test_an_example_causes_its_code_alone(code, scan_source) -> None:
    project = scan_source(code.example)
    assert {found.code for found in project.diagnostics} == {code.code}
    assert {found.severity for found in project.diagnostics} == {code.severity}


@pytest.mark.parametrize("code", _WITH_EXAMPLE, ids=lambda found: found.code)
def test_the_mended_source_is_accepted(code, scan_source) -> None:
    assert [str(found) for found in scan_source(code.mended).diagnostics] == []


def test_codes_are_unique_and_explained() -> None:
    codes = [found.code for found in CODES]
    assert len(codes) == len(set(codes))
    assert all(found.title and found.explanation for found in CODES)
