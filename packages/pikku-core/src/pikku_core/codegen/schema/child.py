"""The process that imports data types: `python -m pikku_core.codegen.schema.child`, a request in, an answer out.

It imports the modules that define the types and no others, and reports what they do to the outside meanwhile.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from pikku_core.codegen.schema.exchange import IMPORTING, Answer, Failure, Request, TypeRequest
from pikku_core.codegen.schema.import_effects import Watch, in_project
from pikku_core.fresh_import import import_from_source
from pikku_core.plugin.target import resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.codegen.schema.exchange import Reason


class TypeFailedError(Exception):
    """A type has no schema; the failure says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure["message"])
        self.failure = failure


class Importer:
    """Imports modules of a project, each once, and remembers which of them raised."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._failed: dict[str, Failure] = {}

    def load(self, module: str) -> Any:
        """The module.

        Raises:
            TypeFailedError: It raised, now or before.
        """
        if module not in self._failed:
            if module not in sys.modules:
                os.write(2, IMPORTING + module.encode() + b"\n")
            try:
                return importlib.import_module(module)
            except BaseException as error:  # noqa: BLE001 - a module may raise anything, SystemExit too
                self._failed[module] = self._failure(module, error)
        raise TypeFailedError(self._failed[module])

    def place_of(self, name: str, wanted: TypeRequest) -> tuple[str, int]:
        """Where a type, or one that it is made of, names what is not defined."""
        from pikku_core.codegen.schema.undefined import place_of

        return place_of(
            name, self._root, sorted({module for module, _ in wanted["imports"].values()})
        )

    def _failure(self, module: str, error: BaseException) -> Failure:
        file, line = self._place(error)
        message = f"{type(error).__name__}: {error}".rstrip(": ")
        return Failure(reason="import", message=message, module=module, file=file, line=line)

    def _place(self, error: BaseException) -> tuple[str, int]:
        places = [
            (frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)
        ]
        if isinstance(error, SyntaxError) and error.filename:
            places.append((error.filename, error.lineno))
        for file, line in reversed(places):
            place = in_project(file, self._root)
            if place:
                return place, line or 1
        return "", 0


def describe(wanted: TypeRequest, importer: Importer, adapters: Sequence[Any]) -> Any:
    """The schemas and fields of one type, a `Described`.

    Raises:
        TypeFailedError: A module raised, or the type has no schema.
    """
    # Loaded after the watch has begun and only if there is something to describe: it takes a while.
    from pikku_core.codegen.schema.describe import NoSchemaError, describe_type

    names: dict[str, Any] = {}
    try:
        for local, (module, attribute) in wanted["imports"].items():
            loaded = importer.load(module)
            names[local] = getattr(loaded, attribute) if attribute else loaded
        # The code is an annotation of the project with its names resolved, from modules that have just run.
        type_ = eval(wanted["code"], names)  # noqa: S307 - see above
        described = describe_type(type_, wanted["modes"], adapters)
        described["defaults"] = {code: _fault(code, type_, adapters) for code in wanted["defaults"]}
        return described  # noqa: TRY300 - building it is what may fail
    except TypeFailedError:
        raise
    except NoSchemaError as error:
        failure = _failure(error.reason, str(error))
        if error.reason == "undefined":
            failure["file"], failure["line"] = importer.place_of(str(error), wanted)
        raise TypeFailedError(failure) from error
    except Exception as error:
        # Evaluating an annotation and building its schema run a project's code.
        message = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise TypeFailedError(_failure("schema", message)) from error


def _fault(default: str, type_: Any, adapters: Sequence[Any]) -> str:
    """What a type says against a default; empty where it takes it."""
    from pikku_core.environment.text import MalformedError, check_default

    try:
        check_default(ast.literal_eval(default), type_, adapters)
    except MalformedError as error:
        return str(error)
    return ""


def answer(request: Request) -> Answer:
    """Describes all types of a request."""
    sys.path[:0] = request["paths"]
    import_from_source(request["paths"])
    importer = Importer(request["root"])
    result = Answer(types={}, failures={}, effects=[])
    adapters = [resolve(target) for target in request["adapters"]]
    with Watch(request["root"]) as watch:
        for wanted in request["types"]:
            try:
                result["types"][wanted["key"]] = describe(wanted, importer, adapters)
            except TypeFailedError as failed:
                result["failures"][wanted["key"]] = failed.failure
    result["effects"] = watch.effects
    return result


def _failure(reason: Reason, message: str) -> Failure:
    return Failure(reason=reason, message=message, module="", file="", line=0)


def main() -> None:
    """Reads a request from standard input and writes the answer to standard output."""
    # The process lives for one answer: collecting garbage would cost a fifth of its time.
    gc.disable()
    request: Request = json.load(sys.stdin.buffer)
    # What a module prints while it is imported must not end up in the answer.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out.write(json.dumps(answer(request)).encode())
    out.close()
    # Exit handlers and threads of the imported modules have nothing to do here.
    os._exit(0)


if __name__ == "__main__":
    main()
