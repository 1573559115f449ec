"""Diagnostics as lines."""

from __future__ import annotations

import pytest

from pikku_cli.render.diagnostics import count, plural, show_diagnostics
from pikku_core.plugin import Diagnostic, Location, Severity

ERROR = Diagnostic(
    code="PKU118",
    message='The route of "x" is no literal.',
    hint="Write it out.",
    location=Location("app/a.py", 3),
    related=(Location("app/b.py", 9),),
)
WARNING = Diagnostic(code="PKU707", message="Odd.", severity=Severity.WARNING)
NOTE = Diagnostic(code="PKU900", message="By the way.", severity=Severity.INFO)


def test_a_diagnostic_is_one_line_with_place_code_message_and_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_diagnostics([ERROR, WARNING])
    assert capsys.readouterr().out.splitlines() == [
        'app/a.py:3: PKU118 The route of "x" is no literal. (see app/b.py:9) Write it out.',
        "PKU707 (warning) Odd.",
        "1 error, 1 warning",
    ]


def test_nothing_is_printed_where_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    show_diagnostics([])
    assert capsys.readouterr().out == ""


def test_each_severity_is_counted() -> None:
    assert count([ERROR, ERROR, WARNING, NOTE]) == "2 errors, 1 warning, 1 note"


@pytest.mark.parametrize(("number", "text"), [(0, "0 errors"), (1, "1 error"), (2, "2 errors")])
def test_nouns_follow_their_number(number: int, text: str) -> None:
    assert plural(number, "error") == text
