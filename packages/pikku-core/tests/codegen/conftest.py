"""What the tests of code generation share: a transport, projects on disk, and what they declare when imported."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pikku_core.build.structure import Structures
from pikku_core.codegen.files import write_files
from pikku_core.codegen.plan import package_files, render_core
from pikku_core.declaration import Declaration, Wiring
from pikku_core.plugin.loader import registry_of
from pikku_core.runtime.package import GeneratedPackage
from pikku_core.scan import scan
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry

LINEKIT = Path(__file__).with_name("linekit.py")


def _load_linekit() -> Any:
    # Scan rules and the tests' projects name it as a module, which files beside a test are not.
    spec = spec_from_file_location("linekit", LINEKIT)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["linekit"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def registry() -> Registry:
    found = registry_of(sys.modules.get("linekit") or _load_linekit())
    assert not found.failures, found.failures
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes modules, each under a comment with its path, into a project of their own."""

    def write_project(text: str) -> Path:
        write_modules(tmp_path, text)
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "case"\n')
        (tmp_path / "linekit.py").write_text(LINEKIT.read_text())
        return tmp_path

    return write_project


def write_modules(root: Path, text: str) -> None:
    lines: list[str] = []
    files: dict[str, list[str]] = {}
    for line in text.splitlines(keepends=True):
        if line.startswith("# ") and line.rstrip().endswith((".py", ".toml")):
            lines = files.setdefault(line[2:].strip(), [])
        else:
            lines.append(line)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in path.relative_to(root).parents[:-1]:
            (root / package / "__init__.py").touch()
        path.write_text("".join(content))


@contextmanager
def recorded() -> Generator[list[Declaration]]:
    """The declarations that are made in the block, in order."""
    made: list[Declaration] = []
    initial = {each: each.__init__ for each in _declarations(Declaration)}
    for each, original in initial.items():
        setattr(each, "__init__", _recording(original, made))  # noqa: B010 - type checkers refuse an assignment
    try:
        yield made
    finally:
        for each, original in initial.items():
            setattr(each, "__init__", original)  # noqa: B010 - see above


def _declarations(base: type[Declaration]) -> Iterator[type[Declaration]]:
    for each in base.__subclasses__():
        yield from (each, *_declarations(each))


def _recording(original: Callable[..., None], made: list[Declaration]) -> Callable[..., None]:
    def initialise(self: Declaration, **values: Any) -> None:
        original(self, **values)
        made.append(self)

    return initialise


@contextmanager
def importable(root: Path, package: str) -> Generator[None]:
    """Lets a package be imported from a folder, and forgets it afterwards."""
    sys.path.insert(0, str(root))
    invalidate_caches()
    # The next project of that name may be written within the same second.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]:
            del sys.modules[name]


class Sides(NamedTuple):
    """What a project declares: when its wirings are imported, and by its generated files.

    Attributes:
        modules: The names of the modules that running the generated factories imported.
    """

    real: list[Declaration]
    generated: list[Declaration]
    modules: frozenset[str]
    project: Project


class Compare:
    """Declares a project both ways and compares."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __call__(self, root: Path, *, package: str = "app", wirings: str = "wirings") -> Sides:
        settings = Settings(root=root, source=(package,))
        project = scan(root, settings, self._registry)
        errors = [str(found) for found in project.diagnostics if found.severity == "error"]
        assert not errors, errors
        out = root / f"generated_{package}"
        files = render_core(project)
        write_files(out, [*files, *package_files([file.path for file in files])])
        with importable(root, package):
            generated = list(_generated(out))
            modules = frozenset(name for name in sys.modules if name.startswith(package))
            with recorded() as made:
                import_module(f"{package}.{wirings}")
        sides = Sides(made, generated, modules, project)
        assert _structure(sides.real) == _structure(sides.generated)
        return sides


def _generated(out: Path) -> Iterator[Declaration]:
    package = GeneratedPackage(out)
    core = package.bootstrap.MODULES
    names = [*package.bootstrap.KINDS.values()]
    names += [core[kind] for kind in ("middleware", "permissions") if kind in core]
    for name in names:
        module = package.module(name)
        for table in ("WIRINGS", "DECLARATIONS"):
            for row in getattr(module, table, {}).values():
                yield getattr(module, row["factory"])()


def _structure(declarations: list[Declaration]) -> list[Any]:
    structures = Structures()
    wirings = sorted(
        (each for each in declarations if isinstance(each, Wiring)), key=lambda each: each.id
    )
    others = [each for each in declarations if not isinstance(each, Wiring)]
    found = [structures.of(wiring) for wiring in wirings]
    return [*found, *sorted((Structures().of(each) for each in others), key=repr)]


@pytest.fixture
def declares_the_same(write: Callable[[str], Path], registry: Registry) -> Callable[[str], Sides]:
    """Asserts that importing `app/wirings.py` of a project declares what its generated files do."""

    def compare(text: str) -> Sides:
        return Compare(registry)(write(text))

    return compare


@pytest.fixture(scope="session")
def compare() -> type[Compare]:
    """The comparison itself, for tests that lay out many projects."""
    return Compare


@pytest.fixture
def scan_project(write: Callable[[str], Path], registry: Registry) -> Callable[[str], Project]:
    """Scans modules, each written under a comment with its path."""

    def scan_text(text: str) -> Project:
        root = write(text)
        project = scan(root, Settings(root=root, source=("app",)), registry)
        errors = [str(found) for found in project.diagnostics if found.severity == "error"]
        assert not errors, errors
        return project

    return scan_text


@pytest.fixture
def render(scan_project: Callable[[str], Project]) -> Callable[[str], dict[str, str]]:
    """The generated files of a project by path; a schema step has not run."""

    def render_text(text: str) -> dict[str, str]:
        return {file.path: file.content for file in render_core(scan_project(text))}

    return render_text


@pytest.fixture
def load() -> Callable[[str], dict[str, Any]]:
    """What a generated module that imports no other holds."""

    def run(text: str) -> dict[str, Any]:
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        return namespace

    return run
