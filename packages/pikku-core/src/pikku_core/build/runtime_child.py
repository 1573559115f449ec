"""The process that imports wirings: `python -m pikku_core.build.runtime_child`, a request in, the differences out."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
from collections import Counter
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from inspect import currentframe
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from pikku_core.build.structure import Structures
from pikku_core.codegen.schema.import_effects import in_project
from pikku_core.declaration import Declaration, Wiring, config_of
from pikku_core.errors import DeclarationError
from pikku_core.fresh_import import import_from_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGE = "_pikku_checked"
NOT_COMPARED = frozenset({"addon"})
DEFINITIONS = ("secrets", "variables")
CORE_KINDS = ("middleware", "permissions", *DEFINITIONS)


class Request(TypedDict):
    """What to compare.

    Attributes:
        root: The project's folder.
        paths: Folders to import from, before all others.
        generated: The folder with the generated files.
        modules: The modules to import.
    """

    root: str
    paths: list[str]
    generated: str
    modules: list[str]


class Difference(TypedDict):
    """One thing that is not what the scan found.

    Attributes:
        file: Empty where no line of the program stands for it.
        about: The id of the wiring, declaration or function that it is about; the scan knows its place.
    """

    message: str
    file: str
    line: int
    about: str


class Declared(NamedTuple):
    """A declaration that was made while a module was imported, and the line that made it."""

    value: Declaration
    file: str
    line: int


class Recorder:
    """Remembers each declaration that is made, in order."""

    def __init__(self, root: str) -> None:
        self.declared: list[Declared] = []
        self._root = root

    def start(self) -> None:
        """Begins to record; a process records once."""
        make = object.__new__

        def record(cls: type[Declaration], *_: Any, **__: Any) -> Declaration:
            value = make(cls)
            self.declared.append(Declared(value, *self._line()))
            return value

        # So that every declaration is seen, whoever makes it.
        setattr(Declaration, "__new__", record)  # noqa: B010 - type checkers refuse the plain assignment

    def keep_statements(self) -> None:
        """Forgets what was declared by anything else than a statement of the project's modules."""
        self.declared = [each for each in self.declared if each.file]

    def _line(self) -> tuple[str, int]:
        """The statement of a module of the project that led here."""
        frame = currentframe()
        while frame is not None:
            file = in_project(frame.f_code.co_filename, self._root)
            if file and frame.f_code.co_name == "<module>":
                return file, frame.f_lineno
            frame = frame.f_back
        return "", 0


def compare(request: Request) -> list[Difference]:
    """Imports the generated files and then the modules, and says where they differ."""
    sys.path[:0] = request["paths"]
    import_from_source(request["paths"])
    recorder = Recorder(request["root"])
    recorder.start()
    # As in production: what only the modules with wirings do has not happened yet.
    generated = Generated(Path(request["generated"]))
    # A wiring may stand beside its function, whose module a factory has just imported.
    recorder.keep_statements()
    differences = [*generated.faults, *_functions(generated)]
    for module in request["modules"]:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - a module may raise anything, SystemExit too
            message = f'Importing "{module}" raised "{type(error).__name__}: {error}".'
            file, line = raised_at(error, request["root"])
            differences.append(Difference(message=message, file=file, line=line, about=""))
    differences += _wirings(recorder.declared, generated)
    return differences + _declarations(recorder.declared, generated)


class Generated:
    """The generated files of the scan, loaded, and what their factories return.

    Attributes:
        wirings: The structure of each wiring, by id.
        declarations: The structures of the other declarations, as text.
        made: For each of these texts, the id of the last declaration that has it.
        faults: The factories that raised.
    """

    def __init__(self, folder: Path) -> None:
        spec = spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert isinstance(spec, ModuleSpec)
        sys.modules[PACKAGE] = module_from_spec(spec)
        bootstrap = importlib.import_module(f"{PACKAGE}.pikku_bootstrap_gen")
        core: dict[str, str] = bootstrap.MODULES
        own = [core[kind] for kind in CORE_KINDS if kind in core]
        modules = [
            importlib.import_module(f"{PACKAGE}.{name}")
            for name in [*bootstrap.KINDS.values(), *own]
        ]
        self.functions = importlib.import_module(f"{PACKAGE}.{core['functions']}")
        self.faults: list[Difference] = []
        wirings = {
            identity: value
            for module in modules
            for identity, value in self._made(module, "WIRINGS")
            # No statement stands for these.
            if not module.WIRINGS[identity].get("implied")
        }
        structures = Structures()
        self.wirings = {identity: structures.of(wirings[identity]) for identity in sorted(wirings)}
        texts = [
            (_text(value), identity)
            for module in modules
            for identity, value in self._made(module, "DECLARATIONS")
            # An addon's definitions are declared by modules that are none of the project's.
            if value.kind not in DEFINITIONS or ":" not in identity
        ]
        self.declarations = Counter(text for text, _ in texts)
        self.made = dict(texts)

    def _made(self, module: ModuleType, table: str) -> Iterator[tuple[str, Declaration]]:
        rows: dict[str, dict[str, Any]] = getattr(module, table, {})
        for identity, row in rows.items():
            try:
                yield identity, getattr(module, row["factory"])()
            except Exception as error:  # noqa: BLE001 - it runs a project's code
                message = f'Making "{identity}" raised "{type(error).__name__}: {error}".'
                self.faults.append(Difference(message=message, file="", line=0, about=identity))


def _wirings(declared: list[Declared], generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    real: dict[str, Declared] = {}
    for each in declared:
        if isinstance(each.value, Wiring):
            try:
                real[each.value.id] = each
            except DeclarationError as error:
                differences.append(_at(each, str(error)))
    structures, found = Structures(), generated.wirings
    for identity in sorted(found.keys() | real.keys()):
        place = real.get(identity)
        if place is None:
            message = f'"{identity}" was found by the scan, and importing the wirings does not declare it.'
        elif identity not in found:
            message = f'"{identity}" is declared when the module is imported, and the scan did not find it.'
        elif structures.of(place.value) != found[identity]:
            message = f'"{identity}" is declared with other values than the scan found.'
        else:
            continue
        file, line = (place.file, place.line) if place else ("", 0)
        differences.append(Difference(message=message, file=file, line=line, about=identity))
    return differences


def _declarations(declared: list[Declared], generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    left = generated.declarations.copy()
    for each in declared:
        if isinstance(each.value, Wiring) or each.value.kind in NOT_COMPARED:
            continue
        text = _text(each.value)
        if left[text] > 0:
            left[text] -= 1
        else:
            message = f'A declaration for "{each.value.kind}" is not what the scan found.'
            differences.append(_at(each, message))
    missing = left.total()
    if missing and not differences:
        message = (
            f"The scan found declarations that importing the wirings does not make: {missing}."
        )
        first = next(text for text, count in left.items() if count > 0)
        about = generated.made[first]
        differences.append(Difference(message=message, file="", line=0, about=about))
    return differences


def _functions(generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    for identity, row in generated.functions.FUNCTIONS.items():
        func = getattr(generated.functions, row["factory"])().func
        config = config_of(func)
        parameters = inspect.signature(func).parameters.values()
        names = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
        line = getattr(getattr(func, "__code__", None), "co_firstlineno", 0)
        compared = [
            ("parameters", sorted(row["parameters"]), sorted(names)),
            ("expose", row["expose"], bool(getattr(config, "expose", None))),
        ]
        if not row["addon"]:  # Of these the project says something too.
            compared += [
                ("needs_session", row["needs_session"], getattr(config, "needs_session", None)),
                ("tags", row["tags"], list(getattr(config, "tags", ()))),
            ]
        for what, scanned, real in compared:
            if scanned != real:
                message = (
                    f'The function "{identity}" has the {what} {real!r} when it is imported, and {scanned!r} in '
                    "its source."
                )
                differences.append(
                    Difference(message=message, file=_file(func), line=line, about=identity)
                )
                break
    return differences


def raised_at(error: BaseException, root: str) -> tuple[str, int]:
    """The innermost line of the project that an error passed, or cannot be read; an empty file where there is none."""
    lines = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno or 1))
    own = [(file, line) for path, line in lines if (file := in_project(path, root))]
    return own[-1] if own else ("", 0)


def _at(declared: Declared, message: str) -> Difference:
    return Difference(message=message, file=declared.file, line=declared.line, about="")


def _file(func: Any) -> str:
    return in_project(getattr(getattr(func, "__code__", None), "co_filename", ""), str(Path.cwd()))


def _text(value: Declaration) -> str:
    return json.dumps(Structures().of(value))


def main() -> None:
    """Reads a request from standard input and writes the differences to standard output."""
    request: Request = json.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out.write(json.dumps(compare(request)).encode())
    out.close()
    os._exit(0)


if __name__ == "__main__":
    main()
