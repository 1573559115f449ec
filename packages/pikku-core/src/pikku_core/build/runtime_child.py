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
from typing import Any, NamedTuple, TypedDict

from pikku_core.build.structure import Structures
from pikku_core.codegen.schema.effects import in_project
from pikku_core.declaration import Declaration, Wiring, config_of
from pikku_core.errors import DeclarationError

PACKAGE = "_pikku_checked"
NOT_COMPARED = frozenset({"addon"})


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
    """One thing that is not what the scan found; `file` is empty where no line stands for it."""

    message: str
    file: str
    line: int


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

    def _line(self) -> tuple[str, int]:
        frame = currentframe()
        while frame is not None:
            file = in_project(frame.f_code.co_filename, self._root)
            if file:
                return file, frame.f_lineno
            frame = frame.f_back
        return "", 0


def compare(request: Request) -> list[Difference]:
    """Imports the modules and the generated files, and says where they differ."""
    sys.path[:0] = request["paths"]
    recorder = Recorder(request["root"])
    recorder.start()
    differences: list[Difference] = []
    for module in request["modules"]:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - a module may raise anything, SystemExit too
            message = f'Importing "{module}" raised "{type(error).__name__}: {error}".'
            differences.append(Difference(message=message, file="", line=0))
    # What a factory of a declaration makes on the way does not count.
    declared = [each for each in recorder.declared if each.file]
    generated = Generated(Path(request["generated"]))
    differences += _wirings(declared, generated) + _declarations(declared, generated)
    return differences + _functions(generated)


class Generated:
    """The generated files of the scan, loaded."""

    def __init__(self, folder: Path) -> None:
        spec = spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert isinstance(spec, ModuleSpec)
        sys.modules[PACKAGE] = module_from_spec(spec)
        bootstrap = importlib.import_module(f"{PACKAGE}.pikku_bootstrap_gen")
        core: dict[str, str] = bootstrap.MODULES
        names = [
            *bootstrap.KINDS.values(),
            *(core[k] for k in ("middleware", "permissions") if k in core),
        ]
        self.kinds = [importlib.import_module(f"{PACKAGE}.{name}") for name in names]
        self.functions = importlib.import_module(f"{PACKAGE}.{core['functions']}")

    def made(self, table: str) -> dict[str, Declaration]:
        """What the factories of `WIRINGS` or `DECLARATIONS` return, by id."""
        return {
            identity: getattr(module, row["factory"])()
            for module in self.kinds
            for identity, row in getattr(module, table, {}).items()
        }


def _wirings(declared: list[Declared], generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    found = generated.made("WIRINGS")
    real: dict[str, Declared] = {}
    for each in declared:
        if isinstance(each.value, Wiring):
            try:
                real[each.value.id] = each
            except DeclarationError as error:
                differences.append(Difference(message=str(error), file=each.file, line=each.line))
    here, there = Structures(), Structures()
    for identity in sorted(found.keys() | real.keys()):
        if identity not in found:
            message = f'"{identity}" is declared when the module is imported, and the scan did not find it.'
        elif identity not in real:
            message = f'"{identity}" was found by the scan, and importing the wirings does not declare it.'
        elif here.of(real[identity].value) != there.of(found[identity]):
            message = f'"{identity}" is declared with other values than the scan found.'
        else:
            continue
        place = real.get(identity)
        differences.append(
            Difference(
                message=message, file=place.file if place else "", line=place.line if place else 0
            )
        )
    return differences


def _declarations(declared: list[Declared], generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    found = Counter(_text(value) for value in generated.made("DECLARATIONS").values())
    for each in declared:
        if isinstance(each.value, Wiring) or each.value.kind in NOT_COMPARED:
            continue
        text = _text(each.value)
        if found[text] > 0:
            found[text] -= 1
        else:
            message = f'A declaration for "{each.value.kind}" is not what the scan found.'
            differences.append(Difference(message=message, file=each.file, line=each.line))
    missing = sum(found.values())
    if missing and not differences:
        message = f"The scan found {missing} declarations more than importing the wirings makes."
        differences.append(Difference(message=message, file="", line=0))
    return differences


def _functions(generated: Generated) -> list[Difference]:
    differences: list[Difference] = []
    for identity, row in generated.functions.FUNCTIONS.items():
        func = getattr(generated.functions, row["factory"])().func
        config = config_of(func)
        parameters = inspect.signature(func).parameters.values()
        names = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
        line = getattr(getattr(func, "__code__", None), "co_firstlineno", 0)
        for what, scanned, real in (
            ("parameters", sorted(row["parameters"]), sorted(names)),
            ("needs_session", row["needs_session"], getattr(config, "needs_session", None)),
            ("tags", row["tags"], list(getattr(config, "tags", ()))),
            ("expose", row["expose"], getattr(config, "expose", None)),
        ):
            if scanned != real:
                message = (
                    f'The function "{identity}" has the {what} {real!r} when it is imported, and {scanned!r} in '
                    "its source."
                )
                differences.append(Difference(message=message, file=_file(func), line=line))
                break
    return differences


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
