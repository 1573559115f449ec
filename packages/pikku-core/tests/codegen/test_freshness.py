from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.freshness import FILE, check, read
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.registry import Registry

PROJECT = """\
# app/functions.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def ping() -> None: ...
# app/models.py
LIMIT = 1
"""

MORE = """\
# app/more.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def pong() -> None: ...
"""


@pytest.fixture
def root(write: Callable[[str], Path], registry: Registry) -> Path:
    """A project whose files were just generated."""
    root = write(PROJECT)
    result = build(root, settings=Settings(root=root, source=("app",)), registry=registry)
    assert not result.failed
    return root


def reason(root: Path) -> str | None:
    return check(root, root / ".pikku")


def test_files_that_were_just_generated_are_fresh(root: Path) -> None:
    assert reason(root) is None


def test_a_changed_source_makes_them_stale(root: Path) -> None:
    (root / "app/models.py").write_text("LIMIT = 2\n")
    assert reason(root) == '"app/models.py" has changed'


def test_a_source_that_is_only_touched_does_not(root: Path) -> None:
    source = root / "app/models.py"
    source.write_bytes(source.read_bytes())
    assert reason(root) is None


def test_a_new_source_makes_them_stale(root: Path) -> None:
    (root / "app/new").mkdir()
    (root / "app/new/more.py").touch()
    assert reason(root) == '"app/new/more.py" is new'


def test_a_source_that_is_gone_makes_them_stale(root: Path) -> None:
    (root / "app/models.py").unlink()
    assert reason(root) == '"app/models.py" is gone'


def test_changed_settings_make_them_stale(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    assert reason(root) == 'the settings in "pyproject.toml" have changed'


def test_other_tables_of_the_file_do_not(root: Path) -> None:
    (root / "pyproject.toml").write_text('[project]\nname = "renamed"\n')
    assert reason(root) is None


def test_an_edited_module_makes_them_stale(root: Path) -> None:
    (root / ".pikku/pikku_bootstrap_gen.py").write_text("KINDS = {}\n")
    assert reason(root) == '"pikku_bootstrap_gen.py" was changed by hand'


def test_a_missing_module_makes_them_stale(root: Path) -> None:
    (root / ".pikku/pikku_bootstrap_gen.py").unlink()
    assert reason(root) == '"pikku_bootstrap_gen.py" is gone'


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    assert check(tmp_path, tmp_path / ".pikku") == f'there are none in "{tmp_path / ".pikku"}"'


def test_an_unreadable_record_counts_as_none(root: Path) -> None:
    (root / ".pikku" / FILE).write_text('{"files": 1, "unknown": 2}')
    assert read(root / ".pikku") is None
    assert reason(root) is not None


@pytest.mark.parametrize(
    ("versions", "answer"),
    [
        ({"pikku-core": "0.0.1"}, '"pikku-core" is {core} and was 0.0.1'),
        ({"not-installed": "1"}, '"not-installed" is not installed any more'),
    ],
)
def test_other_versions_make_them_stale(root: Path, versions: dict[str, str], answer: str) -> None:
    from pikku_core import __version__

    last = read(root / ".pikku")
    assert last is not None
    (root / ".pikku" / FILE).write_text(replace(last, versions=versions).text())
    assert reason(root) == answer.format(core=__version__)


def test_a_source_folder_that_is_gone_makes_them_stale(root: Path) -> None:
    for path in (root / "app").iterdir():
        path.unlink()
    (root / "app").rmdir()
    assert reason(root) == '"app/__init__.py" is gone'


def test_they_are_as_fresh_through_a_link_to_the_project(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    assert reason(link) is None


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"files": 3}',
        '{"source": "app"}',
        '{"x": 1}',
        '{"filters": []}',
        '{"plugins": {"a": 1}}',
        '{"variables": ["a"]}',
    ],
)
def test_a_damaged_record_is_as_good_as_none(content: str, root: Path) -> None:
    (root / ".pikku" / FILE).write_text(content)
    assert read(root / ".pikku") is None


def test_a_variable_that_says_what_is_generated_makes_them_stale(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIKKU_SOURCE", "app,more")
    assert reason(root) == 'the variable "PIKKU_SOURCE" was not set and is "app,more"'


def test_a_variable_that_is_not_set_any_more_makes_them_stale(
    write: Callable[[str], Path], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIKKU_DEPLOY_DEFAULT_TARGET", "server")
    root = write(PROJECT)
    build(root, settings=Settings(root=root, source=("app",)), registry=registry)
    assert reason(root) is None
    monkeypatch.delenv("PIKKU_DEPLOY_DEFAULT_TARGET")
    assert reason(root) == 'the variable "PIKKU_DEPLOY_DEFAULT_TARGET" was "server" and is not set'


def test_other_variables_do_not(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIKKU_HTTP_MAX_BODY", "7")
    assert reason(root) is None


def test_a_plugin_that_is_installed_later_makes_them_stale(root: Path) -> None:
    last = read(root / ".pikku")
    assert last is not None
    (root / ".pikku" / FILE).write_text(replace(last, plugins=[]).text())
    answer = reason(root)
    assert answer is None or answer.startswith('the plugin "')
    assert (answer is None) == (not last.plugins)


def test_files_that_filters_made_are_fresh_and_the_record_names_the_filters(
    write: Callable[[str], Path], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(PROJECT)
    settings = Settings(root=root, source=("app",))
    build(root, settings=settings, registry=registry, filters={"names": ("ping",)})
    last = read(root / ".pikku")
    assert last is not None
    assert (last.filters, last.filters_given) == ({"names": ["ping"]}, True)
    monkeypatch.setenv("PIKKU_FILTER", "small")
    assert reason(root) is None  # filters that were given stand above it


def test_another_preset_makes_them_stale(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIKKU_FILTER", "small")
    assert reason(root) == 'the variable "PIKKU_FILTER" was not set and is "small"'


def test_a_run_without_filters_generates_everything_again(
    write: Callable[[str], Path], registry: Registry
) -> None:
    root = write(PROJECT + MORE)
    settings = Settings(root=root, source=("app",))
    whole = build(root, settings=settings, registry=registry)
    before = {file.path: file.content for file in whole.files}
    part = build(root, settings=settings, registry=registry, filters={"names": ("ping",)})
    assert part.filters == {"names": ("ping",)}
    assert part.written
    again = build(root, settings=settings, registry=registry)
    assert {file.path: file.content for file in again.files} == before
    assert reason(root) is None
