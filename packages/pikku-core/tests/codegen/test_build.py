"""A run from source to files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import BuildResult, build, pipeline
from pikku_core.freshness import check as check_fresh
from pikku_core.plugin import (
    Diagnostic,
    DiagnosticCode,
    GeneratedFile,
    Generator,
    Location,
    Phase,
    Project,
    ProjectCheck,
    Severity,
    hookimpl,
)
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry
    from pikku_core.select import Filters

Write = Callable[[str], Path]
Target = Callable[[Project], Sequence[object]]

PROJECT = """\
# app/models.py
from dataclasses import dataclass
@dataclass
class User:
    name: str
# app/functions.py
from pikku_core import pikku_sessionless_func
from app.models import User

@pikku_sessionless_func
async def greet(data: User) -> str:
    return f"hello {data.name}"
# app/wirings.py
from linekit import wire_line
from app.functions import greet
wire_line(verb="greet", func=greet)
"""


class Run:
    """Runs builds of one project."""

    def __init__(self, write: Write, registry: Registry) -> None:
        self.registry = registry
        self._write = write
        self.outputs: dict[str, str] = {}

    def __call__(
        self, text: str = PROJECT, *, write: bool = True, filters: Filters | None = None
    ) -> BuildResult:
        self.root = self._write(text)
        settings = Settings(root=self.root, source=("app",), outputs=self.outputs)
        return build(
            self.root, settings=settings, registry=self.registry, write=write, filters=filters
        )

    @property
    def out(self) -> Path:
        return self.root / ".pikku"


@pytest.fixture
def run(write: Write, registry: Registry) -> Run:
    return Run(write, registry)


def codes(result: BuildResult) -> list[str]:
    return [found.code for found in result.diagnostics]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def test_a_project_gets_its_files(run: Run) -> None:
    result = run()
    assert not result.failed
    assert sorted(tree(run.out)) == [
        "__init__.py",
        "function/__init__.py",
        "function/pikku-functions-meta.gen.json",
        "function/pikku_functions_gen.py",
        "line/__init__.py",
        "line/pikku-line-wirings-meta.gen.json",
        "line/pikku_line_wirings_gen.py",
        "pikku-services-meta.gen.json",
        "pikku-sources.gen.json",
        "pikku_bootstrap_gen.py",
        "pikku_services_gen.py",
        "rpc/__init__.py",
        "rpc/pikku-rpc-wirings-meta.internal.gen.json",
        "rpc/pikku_rpc_wirings_meta_internal_gen.py",
        "schemas/__init__.py",
        "schemas/register_gen.py",
        "schemas/schemas/Str.schema.json",
        "schemas/schemas/User.schema.json",
        "types/pikku_app/__init__.pyi",
        "types/pikku_app/line/__init__.pyi",
        "types/pikku_app/py.typed",
        "types/pikku_app/rpc/__init__.pyi",
        "types/pikku_app/secrets/__init__.pyi",
        "types/pikku_app/services/__init__.pyi",
        "types/pikku_app/variables/__init__.pyi",
    ]
    assert sorted(result.written) == sorted(tree(run.out))
    assert result.project.types["app.models.User"].name == "User"


def test_a_second_run_writes_nothing(run: Run) -> None:
    first = run()
    before = tree(run.out)
    second = run()
    assert (second.written, second.removed) == ((), ())
    assert second.files == first.files
    assert tree(run.out) == before


def test_a_second_run_renders_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.delattr(pipeline, "render_all")
    assert run().written == ()


def test_a_source_that_changes_during_a_run_is_generated_by_the_next(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    changed = PROJECT.replace('"greet"', '"welcome"')

    def edited_meanwhile(project: Project, registry: Registry) -> list[Diagnostic]:
        (run.root / "app/wirings.py").write_text(changed.partition("# app/wirings.py\n")[2])
        return []

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "run_checks", edited_meanwhile)
        run(PROJECT + "\n")
    assert check_fresh(run.root, run.root / ".pikku") == '"app/wirings.py" has changed'
    assert "line/pikku_line_wirings_gen.py" in run(changed).written


def test_a_file_that_was_edited_is_written_again(run: Run) -> None:
    run()
    (run.out / "pikku_bootstrap_gen.py").write_text("edited\n")
    assert run().written == ("pikku_bootstrap_gen.py",)


def test_a_file_that_was_deleted_is_written_again(run: Run) -> None:
    run()
    (run.out / "rpc/pikku-rpc-wirings-meta.internal.gen.json").unlink()
    assert run().written == ("rpc/pikku-rpc-wirings-meta.internal.gen.json",)


def test_a_kind_that_is_no_longer_used_goes(run: Run) -> None:
    run()
    result = run(PROJECT.partition("# app/wirings.py")[0] + "# app/wirings.py\n")
    assert "line/pikku_line_wirings_gen.py" in result.removed
    assert not (run.out / "line").exists()
    assert not (run.out / "types/pikku_app/line").exists()


def test_nothing_is_written_for_an_error(run: Run) -> None:
    run()
    before = tree(run.out)
    result = run(PROJECT.replace("class User:", "class Other:"))
    assert result.failed
    assert (result.files, result.written) == ((), ())
    assert tree(run.out) == before


def test_errors_of_all_steps_come_together(run: Run) -> None:
    source = PROJECT.replace("@dataclass\n", "").replace('verb="greet"', "verb=str()")
    assert {"PKU118", "PKU456"} <= set(codes(run(source)))


def test_diagnostics_are_sorted_by_place(run: Run) -> None:
    found = run(PROJECT.replace("class User:", "class Other:")).diagnostics
    assert list(found) == sorted(found, key=lambda each: str(each.location))


def test_a_run_that_does_not_write_touches_no_generated_file(run: Run) -> None:
    result = run(write=False)
    assert len(result.files) > 20
    assert tree(run.out) == {}


def test_what_filters_leave_is_what_is_generated(run: Run) -> None:
    more = """\
# app/more.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def other() -> None: ...
"""
    result = run(PROJECT + more, filters={"exclude-wires": ("line",)})
    assert list(result.project.functions) == ["other"]
    assert list(result.scanned.functions) == ["greet", "other"]
    assert not (run.out / "line").exists()
    assert (run.out / "pikku_bootstrap_gen.py").exists()


def test_the_cache_keeps_itself_out_of_version_control(run: Run) -> None:
    run()
    assert (run.out / ".cache/.gitignore").read_text() == "*\n"


def test_files_can_be_moved(run: Run) -> None:
    run.outputs = {"schemas/schemas/User.schema.json": "docs/user.json"}
    result = run()
    assert "../docs/user.json" in result.written
    assert (run.root / "docs/user.json").exists()
    assert not (run.out / "schemas/schemas/User.schema.json").exists()
    assert run().written == ()


def test_a_file_that_moves_again_leaves_nothing_behind(run: Run) -> None:
    run.outputs = {"schemas/schemas/User.schema.json": "docs/user.json"}
    run()
    run.outputs = {}
    assert run().removed == ("../docs/user.json",)
    assert (run.out / "schemas/schemas/User.schema.json").exists()


def test_a_file_of_a_user_is_not_replaced(run: Run) -> None:
    run.outputs = {"schemas/schemas/User.schema.json": "pyproject.toml"}
    assert codes(run()) == ["PKU784"]
    assert "[project]" in (run.root / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("pikku_services_gen.py", "Move all of them"),
        ("schemas/schemas/Usr.schema.json", 'Did you mean "schemas/schemas/User.schema.json"?'),
    ],
)
def test_an_output_that_cannot_be_moved_is_an_error(run: Run, path: str, hint: str) -> None:
    run.outputs = {path: "elsewhere/x.py"}
    (found,) = run().diagnostics
    assert found.code == "PKU783"
    assert hint in found.hint


def test_two_files_that_are_moved_to_one_path_are_an_error(run: Run) -> None:
    run.outputs = {
        "schemas/schemas/User.schema.json": "docs/one.json",
        "schemas/schemas/Str.schema.json": "docs/one.json",
    }
    (found,) = run().diagnostics
    assert found.code == "PKU781"
    assert "User.schema.json" in found.message
    assert "Str.schema.json" in found.message


CODES = ("ACM101", "ACM102")


class Plugin(ModuleType):
    """A plugin that lives in a test: what it declares, each with the function that its target names."""

    def __init__(self, declared: Mapping[Generator | ProjectCheck, Target]) -> None:
        super().__init__("plugin_of_a_test")
        self.pikku_plugin_api = 1
        for declaration, function in declared.items():
            setattr(self, declaration.name, function)

        @hookimpl
        def pikku_generators() -> list[Generator]:
            return [each for each in declared if isinstance(each, Generator)]

        @hookimpl
        def pikku_project_checks() -> list[ProjectCheck]:
            return [each for each in declared if isinstance(each, ProjectCheck)]

        @hookimpl
        def pikku_diagnostic_codes() -> list[DiagnosticCode]:
            return [DiagnosticCode(code=code, title="", explanation="") for code in CODES]

        self.pikku_diagnostic_codes = pikku_diagnostic_codes
        self.pikku_generators = pikku_generators
        self.pikku_project_checks = pikku_project_checks
        sys.modules[self.__name__] = self


def with_plugin(run: Run, declared: Mapping[Generator | ProjectCheck, Target]) -> Run:
    run.registry = registry_of(sys.modules["linekit"], Plugin(declared))
    assert not run.registry.failures, run.registry.failures
    return run


def generator(
    name: str = "routes",
    *,
    kind: str = "",
    phase: Phase = Phase.NORMAL,
    outputs: tuple[str, ...] = ("line/*.json", "line/*.py"),
) -> Generator:
    target = f"plugin_of_a_test:{name}"
    return Generator(name=name, kind=kind, outputs=outputs, render=target, phase=phase)


def check(name: str) -> ProjectCheck:
    return ProjectCheck(name=name, check=f"plugin_of_a_test:{name}")


def gives(path: str, content: str = "") -> Target:
    def render(_: Project) -> list[GeneratedFile]:
        return [GeneratedFile(path=path, content=content)]

    return render


def reports(diagnostic: Diagnostic) -> Target:
    def report(_: Project) -> list[Diagnostic]:
        return [diagnostic]

    return report


def fails(_: Project) -> Sequence[object]:
    raise ZeroDivisionError("division by zero")


def test_a_plugin_writes_files_with_its_name_in_the_header(run: Run) -> None:
    with_plugin(run, {generator(): gives("line/routes.py", "A = 1\n")})()
    text = (run.out / "line/routes.py").read_text()
    assert text == "# Generated by plugin_of_a_test; run `pikku` to write it anew.\nA = 1\n"


def test_a_plugin_sees_the_types(run: Run) -> None:
    def render(project: Project) -> list[GeneratedFile]:
        return [GeneratedFile(path="line/types.json", content=json.dumps(sorted(project.types)))]

    with_plugin(run, {generator(): render})()
    assert json.loads((run.out / "line/types.json").read_text()) == ["app.models.User", "str"]


def test_a_generator_of_a_kind_that_is_not_used_does_not_run(run: Run) -> None:
    assert not with_plugin(run, {generator(kind="addon"): fails})().failed


def test_generators_run_by_phase(run: Run) -> None:
    order: list[str] = []

    def noted(name: str) -> Target:
        def render(_: Project) -> list[GeneratedFile]:
            order.append(name)
            return []

        return render

    phases = {"a": Phase.AFTER, "b": Phase.NORMAL, "c": Phase.BEFORE}
    with_plugin(
        run,
        {
            generator(name, phase=phase, outputs=(f"{name}.json",)): noted(name)
            for name, phase in phases.items()
        },
    )()
    assert order == ["c", "b", "a"]


def test_a_generator_that_writes_a_file_of_core_is_named_with_it(run: Run) -> None:
    path = "line/pikku-line-wirings-meta.gen.json"
    (found,) = with_plugin(run, {generator(): gives(path)})().diagnostics
    assert found.code == "PKU781"
    assert f'"{path}" is given by pikku-core and by plugin_of_a_test' in found.message
    assert not (run.out / path).exists()


@pytest.mark.parametrize(
    "path", ["other.json", "../line.json", "line/../../x.json", "/line/x.json"]
)
def test_a_generator_that_writes_what_it_did_not_declare_is_named(run: Run, path: str) -> None:
    (found,) = with_plugin(run, {generator(): gives(path)})().diagnostics
    assert found.code == "PKU782"
    assert f'"{path}"' in found.message


def test_a_generator_that_raises_is_named(run: Run) -> None:
    (found,) = with_plugin(run, {generator(): fails})().diagnostics
    assert found.code == "PKU780"
    assert 'The generator "routes" of plugin_of_a_test' in found.message
    assert "ZeroDivisionError" in found.message
    assert found.location is not None
    assert found.location.file.endswith("test_build.py")
    assert found.location.line == fails.__code__.co_firstlineno + 1


def test_a_check_can_keep_files_from_being_written(run: Run) -> None:
    refusal = Diagnostic(code="ACM101", message="No.", location=Location("app/wirings.py", 3))
    result = with_plugin(run, {check("refuse"): reports(refusal)})()
    assert (codes(result), result.written) == (["ACM101"], ())


def test_a_check_that_reports_a_code_that_nobody_declares_is_named(run: Run) -> None:
    hm = Diagnostic(code="ACM103", message="Hm.", severity=Severity.WARNING)
    (found,) = with_plugin(run, {check("odd"): reports(hm)})().diagnostics
    assert (found.code, found.severity) == ("PKU780", Severity.ERROR)
    assert found.message == (
        'The check "odd" of plugin_of_a_test 0 reports the code "ACM103", which no plugin declares: Hm.'
    )


def test_a_check_that_is_not_there_is_named(run: Run) -> None:
    nowhere = ProjectCheck(name="gone", check="plugin_of_a_test:nowhere")
    (found,) = with_plugin(run, {nowhere: fails, check("other"): lambda _: []})().diagnostics
    assert found.code == "PKU780"
    assert (
        'The check "gone" of plugin_of_a_test 0 is missing: "plugin_of_a_test:nowhere"'
        in found.message
    )


def test_a_warning_of_a_check_keeps_nothing_from_being_written(run: Run) -> None:
    warning = Diagnostic(code="ACM102", message="Hm.", severity=Severity.WARNING)
    result = with_plugin(run, {check("warn"): reports(warning)})()
    assert codes(result) == ["ACM102"]
    assert result.written
    assert codes(run()) == ["ACM102"]


def test_a_check_that_raises_is_named(run: Run) -> None:
    (found,) = with_plugin(run, {check("broken"): fails})().diagnostics
    assert found.code == "PKU780"
    assert 'The check "broken" of plugin_of_a_test' in found.message


BUILD = """\
import importlib.util, sys
from pathlib import Path
root, out, linekit = map(Path, sys.argv[1:])
spec = importlib.util.spec_from_file_location("linekit", linekit)
module = sys.modules["linekit"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import Settings
result = build(root, settings=Settings(root=root, source=("app",)), registry=registry_of(module), out=out)
assert not result.failed, [str(each) for each in result.diagnostics]
"""


def test_the_bytes_are_the_same_whatever_the_hash_seed(run: Run) -> None:
    run()
    trees: list[dict[str, bytes]] = []
    for seed in ("0", "1", "12345"):
        out = run.root / f"out{seed}"
        subprocess.run(
            [sys.executable, "-c", BUILD, str(run.root), str(out), str(run.root / "linekit.py")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        trees.append(tree(out))
    assert trees[0] == trees[1] == trees[2]
    assert trees[0].keys() == tree(run.out).keys()


def test_no_generated_file_names_a_folder_of_the_machine(run: Run) -> None:
    run()
    assert not [path for path, text in tree(run.out).items() if str(run.root).encode() in text]


@pytest.mark.parametrize(
    ("path", "named"),
    [("", ".pikku"), ("function", ".pikku/function"), ("line", ".pikku/line")],
)
def test_something_else_in_the_place_of_a_folder_is_named(
    path: str, named: str, write: Write, run: Run
) -> None:
    place = write("") / ".pikku" / path
    place.parent.mkdir(exist_ok=True)
    place.write_text("")
    result = run()
    assert codes(result) == ["PKU786"]
    assert f'"{named}" cannot be written: File exists.' in result.diagnostics[0].message
    assert result.failed


def test_a_folder_in_the_place_of_a_file_is_named(write: Write, run: Run) -> None:
    (write("") / ".pikku/pikku_bootstrap_gen.py").mkdir(parents=True)
    assert '".pikku/pikku_bootstrap_gen.py"' in run().diagnostics[0].message


def test_a_module_of_types_that_ends_the_process_is_an_error(run: Run) -> None:
    (found,) = run(
        PROJECT.replace("@dataclass\n", "import os\nos._exit(3)\n@dataclass\n")
    ).diagnostics
    assert found.code == "PKU773"
    assert "ended with status 3" in found.message
