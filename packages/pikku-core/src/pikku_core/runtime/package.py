"""Loads a generated `.pikku/` as a package of its own, so that two of them live in one process."""

from __future__ import annotations

import importlib
import sys
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from os import PathLike
    from types import ModuleType

NUMBER = count(1)
BOOTSTRAP = "pikku_bootstrap_gen"


class GeneratedPackage:
    """A `.pikku/` directory under a name that nobody else uses.

    The directory itself is never on `sys.path`: `.pikku/http` would hide the standard library's `http`.

    Raises:
        DeclarationError: The directory is not there or was not generated completely.
    """

    def __init__(self, directory: str | PathLike[str]) -> None:
        self.directory = Path(directory).resolve()
        if not (self.directory / f"{BOOTSTRAP}.py").is_file():
            raise DeclarationError(
                f'"{directory}" holds no generated application: run `pikku` in the project first.'
            )
        # A module that was written a moment ago may be missing from the finder's listing of its folder.
        importlib.invalidate_caches()
        self._name = f"_pikku_{next(NUMBER)}"
        initial = self.directory / "__init__.py"
        spec = spec_from_file_location(
            self._name, initial, submodule_search_locations=[str(self.directory)]
        )
        if spec is None or spec.loader is None or not initial.is_file():
            raise DeclarationError(
                f'"{directory}" is incomplete: run `pikku` in the project again.'
            )
        package = sys.modules[self._name] = module_from_spec(spec)
        spec.loader.exec_module(package)

    def module(self, name: str) -> ModuleType:
        """A module by its name relative to the package: `function.pikku_functions_gen`."""
        return importlib.import_module(f"{self._name}.{name}")

    @property
    def bootstrap(self) -> ModuleType:
        """The module that names the others."""
        return self.module(BOOTSTRAP)
