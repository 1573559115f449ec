from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from pikku_core.scan import cache as cache_module
from pikku_core.scan.cache import FactStore
from pikku_core.scan.collect import collect as real_collect
from pikku_core.sources import SourceFile, list_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project
    from pikku_core.scan.facts import ModuleFacts

OLD = 1_600_000_000
LATER = 4_000_000_000


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The sources that were parsed."""
    sources: list[bytes] = []

    def collect(source: bytes, words: tuple[str, ...]) -> ModuleFacts:
        sources.append(source)
        return real_collect(source, words)

    monkeypatch.setattr(cache_module, "collect", collect)
    return sources


def _file(tmp_path: Path, text: str, *, seconds: int = OLD) -> SourceFile:
    path = tmp_path / "src" / "app.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    os.utime(path, (seconds, seconds))
    return list_sources(tmp_path, ())[0]


def _read(tmp_path: Path, source: SourceFile, *words: str) -> ModuleFacts:
    store = FactStore(tmp_path / "cache", words)
    facts = store.demand(source)
    store.save()
    return facts


def test_an_unchanged_file_is_read_once(tmp_path: Path, parsed: list[bytes]) -> None:
    source = _file(tmp_path, "pikku = 1\n")
    assert _read(tmp_path, source) == _read(tmp_path, source)
    assert len(parsed) == 1


def test_a_changed_file_is_read_again(tmp_path: Path, parsed: list[bytes]) -> None:
    _read(tmp_path, _file(tmp_path, "pikku = 1\n"))
    facts = _read(tmp_path, _file(tmp_path, "pikku = 22\n", seconds=OLD + 9))
    assert facts["bindings"]["pikku"][0][3] == ("c", 22)
    assert len(parsed) == 2


def test_a_file_of_the_same_content_is_not_parsed_again(
    tmp_path: Path, parsed: list[bytes]
) -> None:
    _read(tmp_path, _file(tmp_path, "pikku = 1\n"))
    _read(tmp_path, _file(tmp_path, "pikku = 1\n", seconds=OLD + 9))
    assert len(parsed) == 1


def test_a_change_within_the_resolution_of_the_clock_is_seen(
    tmp_path: Path, parsed: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: OLD * 10**9)
    _read(tmp_path, _file(tmp_path, "pikku = 1\n"))
    facts = _read(tmp_path, _file(tmp_path, "pikku = 2\n"))
    assert facts["bindings"]["pikku"][0][3] == ("c", 2)


def test_other_words_do_not_fit_the_cache(tmp_path: Path, parsed: list[bytes]) -> None:
    source = _file(tmp_path, "pikku = 1\n")
    _read(tmp_path, source, "wire_a")
    _read(tmp_path, source, "wire_b")
    assert len(parsed) == 2


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xe9\x00\x00\x00\x00"])
def test_a_damaged_cache_is_not_used(content: bytes, tmp_path: Path, parsed: list[bytes]) -> None:
    source = _file(tmp_path, "pikku = 1\n")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "scan-facts.bin").write_bytes(content)
    assert _read(tmp_path, source)["error"] is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    source = _file(tmp_path, "pikku = 1\n")
    (tmp_path / "cache").write_text("a file")
    assert _read(tmp_path, source)["error"] is None


def test_a_file_without_a_declaring_word_is_parsed_on_demand_only(
    tmp_path: Path, parsed: list[bytes]
) -> None:
    source = _file(tmp_path, "class User: ...\n")
    store = FactStore(None, ("wire_line",))
    assert store.facts(source) is None
    assert store.defines_class(source, "User")
    assert parsed == []
    assert store.demand(source)["bindings"].keys() == {"User"}
    assert store.facts(source) is not None


def test_the_imports_of_a_file_are_kept_without_making_it_a_parsed_one(
    tmp_path: Path, parsed: list[bytes]
) -> None:
    source = _file(tmp_path, "import json\n\n\nclass User: ...\n")
    for _ in range(3):
        store = FactStore(tmp_path / "cache", ())
        assert store.facts(source) is None
        store.save()
        imported = store.imports(source)["imports"]
        store.save()
        assert [found["module"] for found in imported] == ["json"]
    assert len(parsed) == 1


def test_the_imports_of_a_changed_file_are_read_again(tmp_path: Path) -> None:
    for text in ("import json\n", "import math\n"):
        store = FactStore(tmp_path / "cache", ())
        imported = store.imports(_file(tmp_path, text, seconds=OLD + len(text)))["imports"]
        store.save()
        assert f"import {imported[0]['module']}\n" == text


def test_imports_read_of_a_file_that_changes_meanwhile_are_not_kept(tmp_path: Path) -> None:
    source = _file(tmp_path, "import json\n")
    store = FactStore(tmp_path / "cache", ())
    assert store.facts(source) is None
    _file(tmp_path, "import math\n")
    assert store.imports(source)["imports"][0]["module"] == "math"
    store.save()
    _file(tmp_path, "import json\n")
    again = FactStore(tmp_path / "cache", ())
    assert again.imports(source)["imports"][0]["module"] == "json"


def test_a_change_that_keeps_time_and_size_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: LATER * 10**9)
    _read(tmp_path, _file(tmp_path, "pikku = 1\n"))
    facts = _read(tmp_path, _file(tmp_path, "pikku = 2\n"))
    assert facts["bindings"]["pikku"][0][3] == ("c", 2)


def test_a_cache_with_a_damaged_byte_is_not_used(tmp_path: Path) -> None:
    source = _file(tmp_path, "pikku = 1\n")
    facts = _read(tmp_path, source)
    file = tmp_path / "cache" / "scan-facts.bin"
    intact = file.read_bytes()
    for at in range(0, len(intact), 7):
        file.write_bytes(intact[:at] + bytes([intact[at] ^ 1]) + intact[at + 1 :])
        assert _read(tmp_path, source) == facts


def test_a_file_that_is_gone_when_it_is_read_is_said_to_be(
    scan_source: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(source: SourceFile) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", source.path)

    monkeypatch.setattr(cache_module, "_read", gone)
    project = scan_source("# app/users.py\nimport pikku_core\n")
    assert [str(found.location) for found in project.diagnostics] == ["app/users.py:1"]
    assert "No such file" in project.diagnostics[0].message


def test_the_cache_is_not_written_again_when_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: LATER * 10**9)
    source = _file(tmp_path, "pikku = 1\n")
    _read(tmp_path, source)
    file = tmp_path / "cache" / "scan-facts.bin"
    before = file.stat().st_ino
    _read(tmp_path, source)
    assert file.stat().st_ino == before


def test_with_a_cache_the_result_is_the_same(
    scan_source: Callable[..., Project], tmp_path: Path
) -> None:
    text = "# app/users.py\nfrom pikku_core import pikku_func\n@pikku_func\nasync def f() -> None: ...\n"
    cache = tmp_path / ".cache"
    assert scan_source(text) == scan_source(text, cache=cache) == scan_source(text, cache=cache)
