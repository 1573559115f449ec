"""Names of things that are imported when they are used."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pikku_core.plugin.target import TargetError, resolve


def test_an_attribute_of_a_module_is_found() -> None:
    assert resolve("json:dumps")([1]) == "[1]"


def test_an_attribute_of_an_attribute_is_found() -> None:
    assert resolve("pathlib:Path.cwd") == Path.cwd


@pytest.mark.parametrize("target", ["nowhere:x", "json.nowhere:x", "nowhere.at.all:x"])
def test_a_missing_module_is_named(target: str) -> None:
    with pytest.raises(TargetError, match="there is no module"):
        resolve(target)


def test_a_missing_attribute_is_named() -> None:
    with pytest.raises(TargetError, match='"json" has no "nowhere"'):
        resolve("json:nowhere")


def test_what_the_module_itself_lacks_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme_needs.py").write_text("import acme_absent\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(ModuleNotFoundError, match="acme_absent"):
        resolve("acme_needs:x")
