from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pikku_core.sources import MissingSourceError, import_roots, list_sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project

FUNCTION = """\
from pikku_core import pikku_sessionless_func
@pikku_sessionless_func
async def greet() -> None: ...
"""


def _modules(root: Path, *source: str) -> list[str]:
    return [found.module for found in list_sources(root, source)]


def test_packages_and_modules_beside_the_project_file_are_source(
    write: Callable[[str], Path],
) -> None:
    root = write("# main.py\n# app/__init__.py\n# app/users.py\n# space/inner.py\n")
    assert _modules(root) == ["app", "app.users", "main", "space.inner"]


def test_what_tests_and_tools_hold_is_no_source(write: Callable[[str], Path]) -> None:
    root = write(
        "# app/users.py\n# app/tests/conftest.py\n# app/test_users.py\n# app/users_test.py\n# tests/x.py\n"
        "# docs/x.py\n# .hidden/x.py\n# build/x.py\n# setup.py\n# app/not-a-module.py\n# app/__pycache__/x.py\n"
    )
    assert _modules(root) == ["app.users"]


def test_a_src_folder_is_the_root_of_imports(write: Callable[[str], Path]) -> None:
    root = write("# src/app/__init__.py\n# src/app/users.py\n# scripts.py\n")
    assert _modules(root) == ["app", "app.users"]
    assert import_roots(root, ()) == [str(root / "src"), str(root)]


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        (("app",), ["app", "app.users"]),
        (("app/users.py",), ["app.users"]),
        (("src/other",), ["other.x"]),
        (("app", "src/other"), ["app", "app.users", "other.x"]),
        ((".",), ["app", "app.users", "main", "src.other.x"]),
        (("src",), ["other.x"]),
    ],
)
def test_the_setting_names_folders_and_modules(
    source: tuple[str, ...], modules: list[str], write: Callable[[str], Path]
) -> None:
    root = write("# main.py\n# app/__init__.py\n# app/users.py\n# src/other/x.py\n")
    assert _modules(root, *source) == modules


def test_a_source_that_does_not_exist_is_named(
    scan_source: Callable[..., Project], write: Callable[[str], Path]
) -> None:
    root = write("# app/users.py\n")
    with pytest.raises(MissingSourceError) as error:
        list_sources(root, ("ap",))
    assert error.value.entry == "ap"
    (root / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.pikku]\nsource = ["ap"]\n')
    (found,) = scan_source("# app/users.py\n", source=("ap",)).diagnostics
    assert (found.code, str(found.location)) == ("PKU756", "pyproject.toml:4")
    assert found.hint.startswith('Did you mean "app"?')


def test_a_package_wins_over_a_module_of_its_name(write: Callable[[str], Path]) -> None:
    root = write("# app.py\n# app/__init__.py\n")
    assert [found.file for found in list_sources(root, ())] == ["app/__init__.py", "app.py"]


def test_a_function_in_a_file_that_no_import_reaches_is_not_dropped_unseen(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        f"# src/app/users.py\n{FUNCTION}# app/users.py\n{FUNCTION}", source=("src/app", "app")
    )
    assert [str(found.location) for found in project.diagnostics] == ["app/users.py:1"]
    assert project.diagnostics[0].code == "PKU757"
    assert project.modules == {"app.users": "src/app/users.py"}


def test_a_plain_script_beside_a_package_of_its_name_is_no_fault(
    scan_source: Callable[..., Project],
) -> None:
    assert not scan_source("# app.py\nprint(1)\n# app/__init__.py\n").diagnostics


def test_files_are_named_relative_to_the_project(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"# src/app/users.py\n{FUNCTION}")
    assert project.modules == {"app.users": "src/app/users.py"}
    assert str(project.functions["greet"].location) == "src/app/users.py:3"


def test_a_module_whose_import_raises_is_scanned_all_the_same(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(f"# app/users.py\nimport not_installed\nraise SystemExit(1)\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert project.diagnostics == ()


def test_a_broken_file_does_not_hide_the_others(scan_source: Callable[..., Project]) -> None:
    project = scan_source(f"# app/bad.py\nimport pikku_core\ndef (:\n# app/users.py\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert [f"{found.code} {found.location}" for found in project.diagnostics] == [
        "PKU701 app/bad.py:2"
    ]


def test_an_undecodable_file_is_a_diagnostic(
    write: Callable[[str], Path], scan_source: Callable[..., Project]
) -> None:
    root = write(f"# app/users.py\n{FUNCTION}")
    (root / "app" / "bad.py").write_bytes(b"# pikku\nx = '\xff'\n")
    project = scan_source(f"# app/users.py\n{FUNCTION}")
    assert list(project.functions) == ["greet"]
    assert [found.code for found in project.diagnostics] == ["PKU701"]


def test_a_package_may_have_the_name_of_a_folder_beside_the_project_file(
    write: Callable[[str], Path],
) -> None:
    root = write("# app/docs/x.py\n# app/build/x.py\n# build/x.py\n# app/tests/x.py\n")
    assert _modules(root) == ["app.build.x", "app.docs.x"]


def test_a_source_folder_may_be_called_docs(write: Callable[[str], Path]) -> None:
    assert _modules(write("# src/docs/x.py\n# docs/y.py\n")) == ["docs.x"]


def test_links_that_lead_nowhere_or_in_a_circle_are_not_followed(
    write: Callable[[str], Path],
) -> None:
    root = write("# app/users.py\n# other/x.py\n")
    (root / "app/gone.py").symlink_to("nowhere.py")
    (root / "app/loop").symlink_to(".")
    (root / "app/itself").symlink_to("itself")
    (root / "app/other").symlink_to("../other")
    (root / "other/back").symlink_to("../app")
    assert _modules(root, "app") == ["app.other.back.users", "app.other.x", "app.users"]


def test_a_folder_with_the_name_of_a_module_is_no_module(write: Callable[[str], Path]) -> None:
    root = write("# app/users.py\n")
    (root / "app/folder.py").mkdir()
    assert _modules(root) == ["app.users"]


def test_generated_files_and_environments_are_no_source(write: Callable[[str], Path]) -> None:
    root = write("# app/users.py\n# app/made/pikku_bootstrap_gen.py\n# app/made/http/x.py\n")
    write("# app/python/lib/x.py\n")
    (root / "app/python/pyvenv.cfg").touch()
    assert _modules(root) == ["app.users"]


def test_files_are_named_alike_however_the_root_is_written(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = write("# app/users.py\n")
    link = tmp_path / "link"
    link.symlink_to(root)
    monkeypatch.chdir(root)
    for written in (root, link, Path()):
        for source in ((), ("app",), ("app/users.py",)):
            assert [found.file for found in list_sources(written, source)] == ["app/users.py"]


def test_a_linked_source_folder_keeps_its_name(write: Callable[[str], Path]) -> None:
    root = write("# packages/shared/x.py\n")
    (root / "shared").symlink_to("packages/shared")
    assert [found.file for found in list_sources(root, ("shared",))] == ["shared/x.py"]


BROKEN = "# app/broken.py\nfrom pikku_core import pikku_func\ndef broken(:\n"
BROKEN_MODELS = "# app/models.py\nModel = (\n"
USES = """\
# app/main.py
from __future__ import annotations
from app.broken import create, guard
from app.models import Model
from pikku_core import global_middleware, pikku_func
from pikku_http import wire_http
@pikku_func
async def save(data: Model) -> None: ...
wire_http(method="get", route="/", func=create)
global_middleware([guard])
"""


def test_what_is_lost_with_an_unreadable_file_is_not_said_again(
    found_in: Callable[[str], list[str]],
) -> None:
    assert found_in(BROKEN + BROKEN_MODELS + USES) == [
        "PKU701 app/broken.py:2",
        "PKU701 app/models.py:1",
    ]


def test_a_star_import_of_an_unreadable_file_says_nothing_more(
    found_in: Callable[[str], list[str]],
) -> None:
    source = USES.replace("import create, guard", "import *")
    assert found_in(BROKEN + BROKEN_MODELS + source) == [
        "PKU701 app/broken.py:2",
        "PKU701 app/models.py:1",
    ]


def test_a_module_that_is_not_there_is_named_with_the_one_that_is(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source(
        "# app/functions.py\nfrom pikku_core import pikku_func\n# app/main.py\n"
        "from app.function import create\nfrom pikku_http import wire_http\n"
        'wire_http(method="get", route="/", func=create)\n'
    )
    assert [found.message for found in project.diagnostics] == [
        'There is no module "app.function". There is "app.functions".'
    ]


def test_a_compiled_module_is_there(
    write: Callable[[str], Path], found_in: Callable[[str], list[str]]
) -> None:
    root = write("# app/__init__.py\n")
    (root / "app" / "_speed.cpython-311-x86_64-linux-gnu.so").write_bytes(b"")
    assert found_in("from app._speed import fast\nfrom pikku_core import pikku_func\n") == []


def test_a_misspelt_name_of_core_is_named_with_the_right_one(
    scan_source: Callable[..., Project],
) -> None:
    project = scan_source("from pikku_core import tag_permission\n")
    assert [found.message for found in project.diagnostics] == [
        '"pikku_core" has no "tag_permission". Is it "tag_permissions"?'
    ]


def test_names_that_core_loads_on_use_are_there(found_in: Callable[[str], list[str]]) -> None:
    assert found_in("from pikku_core import App, plugin\nfrom pikku_http import Http\n") == []


EVALUATED = """\
from typing import TYPE_CHECKING
from pikku_core import pikku_func, pikku_service
if TYPE_CHECKING:
    from decimal import Decimal as Shelf
@pikku_service
def shelf() -> int: ...
@pikku_func
async def g(
    data: list[Shelf], *,
    shelf: "Shelf",
) -> "Shelf": ...
"""


def test_a_name_for_checkers_in_an_evaluated_annotation_is_refused(
    found_in: Callable[[str], list[str]],
) -> None:
    assert found_in(EVALUATED) == ["PKU768 app/main.py:9"]


def test_a_name_bound_below_an_evaluated_annotation_is_refused(
    found_in: Callable[[str], list[str]],
) -> None:
    source = FUNCTION.replace("None", "Shelf") + "class Shelf: ...\n"
    assert found_in(source) == ["PKU768 app/main.py:3"]


def test_postponed_annotations_may_have_names_for_checkers(
    found_in: Callable[[str], list[str]],
) -> None:
    assert found_in('"""Shelves."""\nfrom __future__ import annotations\n' + EVALUATED) == []


def test_a_future_import_below_another_statement_is_refused(
    found_in: Callable[[str], list[str]],
) -> None:
    source = "import os\nfrom __future__ import annotations\n" + EVALUATED
    assert found_in(source) == ["PKU701 app/main.py:2"]


LOST = """\
# app/broken.py
from pikku_core import define_secret, pikku_config, pikku_func, pikku_service
define_secret("api_key", str)
@pikku_config
class Settings: ...
@pikku_service
def database() -> int: ...
@pikku_service(name="mail")
def mailer() -> int: ...
@pikku_func(version=2, tags=["users"])
async def send() -> None: ...
def (:
# app/main.py
from typing import Any
from pikku_core import Next, Rpc, pikku_func, pikku_middleware, pikku_service, tag_middleware
@pikku_service
def client(*, secrets: Any) -> str:
    return secrets.api_key.reveal()
@pikku_func
async def save(*, database: int, mail: int, config: Any, client: str, rpc: Rpc) -> None:
    await rpc.send()
    await rpc.send_v2()
    await rpc.invoke("send@v2")
@pikku_middleware
async def timing(next: Next) -> Any: ...
tag_middleware("users", [timing])
"""


def test_what_an_unreadable_file_declares_is_missed_by_nobody(
    found_in: Callable[[str], list[str]],
) -> None:
    assert found_in(LOST) == ["PKU701 app/broken.py:11"]


def test_what_it_does_not_declare_is_missed_all_the_same(
    found_in: Callable[[str], list[str]],
) -> None:
    assert found_in(LOST.replace("def database(", "def store(")) == [
        "PKU701 app/broken.py:11",
        "PKU732 app/main.py:7",
    ]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("app/users_test.py", '"users_test.py" is called like a file of tests or tools'),
        ("app/tests/users.py", 'the folder "tests" is left out'),
        ("scripts/users.py", 'the folder "scripts" is left out'),
        ("other/users.py", 'the setting "source" does not name it'),
    ],
)
def test_a_function_in_a_file_that_is_not_scanned_is_said_to_be(
    scan_source: Callable[..., Project], path: str, why: str
) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    wiring = f'from pikku_http import wire_http\nfrom {module} import greet\nwire_http(method="get", route="/", func=greet)\n'
    project = scan_source(f"# {path}\n{FUNCTION}# app/wirings.py\n{wiring}", source=("app",))
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU559", "app/wirings.py:3")
    assert found.message == f'"greet" is in "{path}", which is not scanned: {why}.'


def test_a_function_whose_name_is_refused_is_not_said_to_be_unmarked(
    found_in: Callable[[str], list[str]],
) -> None:
    source = (
        "from pikku_core import pikku_func\nfrom pikku_http import wire_http\n"
        '@pikku_func(name="a b")\nasync def f() -> None: ...\nwire_http(method="get", route="/", func=f)\n'
    )
    assert found_in(source) == ["PKU124 app/main.py:4"]


def test_a_function_of_an_installed_package_is_said_to_be(
    scan_source: Callable[..., Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages"), *sys.path])
    project = scan_source(
        f"# site-packages/acme_greetings/functions.py\n{FUNCTION}# app/wirings.py\n"
        "from pikku_http import wire_http\nfrom acme_greetings.functions import greet\n"
        'wire_http(method="get", route="/", func=greet)\n'
    )
    (found,) = project.diagnostics
    assert (found.code, str(found.location)) == ("PKU559", "app/wirings.py:3")
    assert found.message == (
        '"greet" is a function of the installed package "acme_greetings", which is not scanned.'
    )
    assert 'wire_addon(name="…", package="acme_greetings")' in found.hint
