"""Tracebacks without the frames of others."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from pikku_cli.render.folded import folded
from pikku_cli.render.log_text import TextFormatter

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
import json

def parse(text):
    return json.loads(text)

def wrap():
    try:
        parse("{")
    except ValueError as error:
        raise KeyError("wrapped") from error

def group():
    try:
        parse("{")
    except ValueError as error:
        raise ExceptionGroup("several", [error])
"""


@pytest.fixture
def raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """What functions of a project raise, by name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_folded.py").write_text(OWN)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "own_folded", raising=False)
    import importlib

    module = importlib.import_module("own_folded")
    found: dict[str, Exception] = {}
    for name in ("parse", "wrap", "group"):
        try:
            module.__dict__[name](*(["{"] if name == "parse" else []))
        except Exception as error:  # noqa: BLE001 - what is raised is looked at below
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
            found[name] = error
    return found


def test_the_lines_of_the_project_are_kept(raised: dict[str, Exception]) -> None:
    text = folded(raised["parse"])
    assert 'own_folded.py", line 5, in parse' in text
    assert "decoder.py" not in text
    assert "JSONDecodeError: Expecting property name" in text
    assert text.endswith("lines of installed packages left out; --log-level debug shows all)\n")


@pytest.mark.parametrize("name", ["wrap", "group"])
def test_causes_and_groups_are_folded_too(raised: dict[str, Exception], name: str) -> None:
    text = folded(raised[name])
    assert "line 5, in parse" in text
    assert f"in {name}" in text
    assert "decoder.py" not in text


def test_where_none_of_the_project_took_part_all_is_kept() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    error = caught.value
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    text = folded(error)
    assert "decoder.py" in text
    assert "left out" not in text


def test_a_log_record_is_folded(raised: dict[str, Exception]) -> None:
    error = raised["parse"]
    info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a", logging.ERROR, "", 0, "It failed.", (), info)
    text = TextFormatter(fold=True).format(record)
    assert "It failed.\nTraceback" in text
    assert "decoder.py" not in text


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert "first" in folded(first)
