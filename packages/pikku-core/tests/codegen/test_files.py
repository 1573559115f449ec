from __future__ import annotations

import os
import py_compile
from pathlib import Path

import pytest

from pikku_core.codegen.files import Changes, foreign_files, write_atomically, write_files
from pikku_core.codegen.module import header
from pikku_core.freshness import digest
from pikku_core.plugin.declarations import GeneratedFile

MODULE = GeneratedFile(path="line/gen.py", content=header("pikku-core") + "A = 1\n")
META = GeneratedFile(path="line/meta.gen.json", content="{}\n")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".pikku"


def recorded(*files: GeneratedFile) -> dict[str, str]:
    return {file.path: digest(file.content.encode()) for file in files}


def test_files_are_written(out: Path) -> None:
    assert write_files(out, [MODULE, META]) == Changes(
        written=("line/gen.py", "line/meta.gen.json")
    )
    assert (out / "line/gen.py").read_text() == MODULE.content


def test_a_second_run_writes_nothing(out: Path) -> None:
    write_files(out, [MODULE, META])
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert write_files(out, [MODULE, META], recorded=recorded(MODULE, META)) == Changes()
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_only_what_differs_is_written(out: Path) -> None:
    write_files(out, [MODULE, META])
    changed = GeneratedFile(path=META.path, content="[]\n")
    assert write_files(out, [MODULE, changed]).written == ("line/meta.gen.json",)


def test_a_file_that_is_no_longer_generated_goes_and_its_folder_too(out: Path) -> None:
    write_files(out, [MODULE, META])
    changes = write_files(out, [], recorded=recorded(MODULE, META))
    assert changes.removed == ("line/gen.py", "line/meta.gen.json")
    assert not (out / "line").exists()


def test_what_was_compiled_from_it_goes_too(out: Path) -> None:
    write_files(out, [MODULE])
    compiled = out / "line/__pycache__/gen.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.touch()
    write_files(out, [])
    assert not (out / "line").exists()


def test_a_rewritten_module_of_the_same_size_and_second_is_compiled_anew(out: Path) -> None:
    write_files(out, [MODULE])
    source = out / MODULE.path
    compiled = Path(py_compile.compile(str(source), doraise=True) or "")
    moment = source.stat().st_mtime_ns
    changed = GeneratedFile(path=MODULE.path, content=MODULE.content.replace("A = 1", "A = 2"))
    write_files(out, [changed])
    os.utime(source, ns=(moment, moment))
    assert not compiled.exists()


def test_a_module_with_our_header_goes_without_a_record(out: Path) -> None:
    write_files(out, [MODULE])
    assert write_files(out, []).removed == ("line/gen.py",)


def test_the_file_of_a_user_stays(out: Path) -> None:
    write_files(out, [MODULE])
    (out / "line/mine.py").write_text("MINE = 1\n")
    (out / "notes.json").write_text("{}")
    write_files(out, [], recorded={"notes.json": digest(b"something else")})
    assert (out / "line/mine.py").exists()
    assert (out / "notes.json").exists()


def test_a_generated_json_that_a_user_has_edited_stays(out: Path) -> None:
    write_files(out, [META])
    (out / META.path).write_text('{"mine": 1}\n')
    assert write_files(out, [], recorded=recorded(META)).removed == ()


def test_hidden_folders_are_left_alone(out: Path) -> None:
    cached = out / ".cache/some.py"
    cached.parent.mkdir(parents=True)
    cached.write_text(MODULE.content)
    write_files(out, [])
    assert cached.exists()


def test_a_file_of_a_user_outside_is_foreign(out: Path) -> None:
    moved = GeneratedFile(path="../README.md", content="generated\n")
    assert foreign_files(out, [moved], {}) == []
    out.mkdir(parents=True)
    (out / "../README.md").write_text("mine\n")
    assert foreign_files(out, [moved], {}) == ["../README.md"]


def test_a_file_outside_that_an_earlier_run_wrote_is_not_foreign(out: Path) -> None:
    moved = GeneratedFile(path="../openapi.json", content="1\n")
    write_files(out, [moved])
    newer = GeneratedFile(path="../openapi.json", content="2\n")
    assert foreign_files(out, [newer], recorded(moved)) == []
    assert foreign_files(out, [newer], {}) == ["../openapi.json"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(out: Path) -> None:
    write_files(out, [MODULE])
    target = out / "line/folder"
    target.mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(target, b"cannot replace a folder")
    assert sorted(path.name for path in (out / "line").iterdir()) == ["folder", "gen.py"]


def test_a_file_gets_the_mode_of_any_new_file(out: Path, tmp_path: Path) -> None:
    write_files(out, [MODULE])
    (tmp_path / "any").touch()
    assert (out / MODULE.path).stat().st_mode == (tmp_path / "any").stat().st_mode
