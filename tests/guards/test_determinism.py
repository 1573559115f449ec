"""The same source gives the same bytes, whatever runs `pikku`; a second run writes nothing, and none takes what is a user's."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pikku_core.build import BuildResult, build
from pikku_core.plugin.loader import load_plugins
from pikku_core.settings import load_settings

ROOT = Path(__file__).parents[2]
CACHE = ".cache"
# Builds the project of the first argument with the plugins in an order that the second one says.
PROGRAM = """
import random, sys
from pathlib import Path
from pikku_core.build import build
from pikku_core.plugin.loader import Selection, discover, load_plugins
from pikku_core.settings import load_settings

root, order = Path(sys.argv[1]), sys.argv[2]
plugins = discover()
random.Random(order).shuffle(plugins)
registry = load_plugins(Selection(), essential=plugins)
result = build(root, settings=load_settings(root, registry), registry=registry)
sys.exit("\\n".join(str(one) for one in result.diagnostics) if result.failed else 0)
"""


def generated(folder: Path) -> dict[str, bytes]:
    """The generated files of a project; what runs keep to be faster is not among them."""
    out = folder / ".pikku"
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and not {CACHE, "__pycache__"} & set(file.parts)
    }


def pikku(folder: Path) -> BuildResult:
    """Does what `pikku` does, which must go well."""
    registry = load_plugins()
    result = build(folder, settings=load_settings(folder, registry), registry=registry)
    assert not result.failed, result.diagnostics
    return result


@pytest.fixture(scope="module", params=["conduit", "synthetic"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was never generated."""
    folder = tmp_path_factory.mktemp(request.param) / "source"
    if request.param == "conduit":
        unwanted = shutil.ignore_patterns(".pikku", "__pycache__")
        shutil.copytree(ROOT / "examples" / "conduit", folder, ignore=unwanted)
    else:
        program = runpy.run_path(str(ROOT / "benchmarks" / "generate_app.py"))
        program["generate_app"](folder, functions=40, files=20)
    return folder


@pytest.fixture(scope="module")
def reference(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same project, generated once in this process; no test changes it."""
    folder = shutil.copytree(source, tmp_path_factory.mktemp("reference") / "project")
    pikku(folder)
    return folder


@pytest.mark.parametrize("seed", ["1", "2", "3"])
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_neither_hash_seed_nor_order_of_plugins_nor_folder_nor_cache_changes_a_byte(
    seed: str, warm: bool, source: Path, reference: Path, tmp_path: Path
) -> None:
    project = shutil.copytree(source, tmp_path / f"copy-{seed}")
    if warm:
        shutil.copytree(reference / ".pikku" / CACHE, project / ".pikku" / CACHE)
    subprocess.run(
        [sys.executable, "-c", PROGRAM, project, seed],
        cwd=[ROOT, project, tmp_path][int(seed) - 1],
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
    )
    assert generated(project) == generated(reference)


def test_runs_at_the_same_time_leave_one_whole_tree(
    source: Path, reference: Path, tmp_path: Path
) -> None:
    project = shutil.copytree(source, tmp_path / "copy")
    command: list[str | Path] = [sys.executable, "-c", PROGRAM, project, "1"]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, errors
    assert generated(project) == generated(reference)


def test_no_generated_file_names_a_folder_of_this_machine(reference: Path) -> None:
    places = [str(reference).encode(), str(ROOT).encode(), sys.prefix.encode()]
    for path, content in generated(reference).items():
        assert not [place for place in places if place in content], path


@pytest.fixture
def project(reference: Path, tmp_path: Path) -> Path:
    """A generated project that a test may change."""
    return shutil.copytree(reference, tmp_path / "project")


def test_a_second_run_writes_nothing(project: Path) -> None:
    def times() -> dict[str, int]:
        return {
            str(file): file.stat().st_mtime_ns
            for file in (project / ".pikku").rglob("*")
            if CACHE not in file.parts
        }

    before = times()
    result = pikku(project)
    assert (result.written, result.removed) == ((), ())
    assert times() == before


def test_a_lost_file_comes_back_and_an_edited_one_is_put_right(
    project: Path, reference: Path
) -> None:
    (project / ".pikku" / "pikku_bootstrap_gen.py").unlink()
    functions = project / ".pikku" / "function" / "pikku_functions_gen.py"
    functions.write_text(functions.read_text() + "\nEDITED = True\n")
    result = pikku(project)
    assert set(result.written) == {
        "function/pikku_functions_gen.py",
        "pikku_bootstrap_gen.py",
    }
    assert generated(project) == generated(reference)


def test_a_lost_cache_changes_nothing(project: Path) -> None:
    shutil.rmtree(project / ".pikku" / CACHE)
    assert pikku(project).written == ()


SMALL = {
    "pyproject.toml": '[project]\nname = "small"\n',
    "small/hello.py": """
        from pikku_core import pikku_sessionless_func

        @pikku_sessionless_func
        async def hello() -> str:
            return "hello"
        """,
    "small/wirings.py": """
        from pikku_http import wire_http
        from small.hello import hello

        wire_http(method="get", route="/", func=hello)
        """,
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A generated project of one function behind one route."""
    for path, text in SMALL.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(dedent(text))
    pikku(tmp_path)
    return tmp_path


def test_files_of_a_kind_that_is_no_longer_used_are_removed(small: Path) -> None:
    assert (small / ".pikku" / "http").is_dir()
    (small / "small" / "wirings.py").unlink()
    result = pikku(small)
    assert "http/pikku_http_wirings_gen.py" in result.removed
    assert not (small / ".pikku" / "http").exists()


def test_nothing_of_a_user_is_removed_or_overwritten(small: Path) -> None:
    kept = {
        small / ".pikku" / "notes.txt": "mine",
        small / ".pikku" / "http" / "mine.py": "MINE = True\n",
        small / ".pikku" / "http" / "data" / "mine.json": "{}",
        small / "small" / "pikku_hello_gen.py": "# a name that looks generated\n",
        small / "app.db": "data",
    }
    for file, text in kept.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    (small / "small" / "wirings.py").unlink()
    pikku(small)
    assert {file: file.read_text() for file in kept} == kept
    assert sorted(file.name for file in (small / ".pikku" / "http").iterdir()) == [
        "data",
        "mine.py",
    ]


def test_an_output_never_overwrites_a_file_that_is_not_generated(small: Path) -> None:
    (small / "docs").mkdir()
    mine = small / "docs" / "functions.json"
    mine.write_text("mine")
    moved = (
        '[tool.pikku.outputs]\n"function/pikku-functions-meta.gen.json" = "docs/functions.json"\n'
    )
    (small / "pyproject.toml").write_text(SMALL["pyproject.toml"] + moved)
    registry = load_plugins()
    result = build(small, settings=load_settings(small, registry), registry=registry)
    assert result.failed
    assert mine.read_text() == "mine"


def test_a_run_that_fails_writes_and_removes_nothing(small: Path) -> None:
    before = generated(small)
    (small / "small" / "wirings.py").write_text("from pikku_http import wire_http\nwire_http(\n")
    registry = load_plugins()
    result = build(small, settings=load_settings(small, registry), registry=registry)
    assert result.failed
    assert generated(small) == before
