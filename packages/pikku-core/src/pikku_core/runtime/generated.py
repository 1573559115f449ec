"""An App's parts as `pikku` generated them: literals first, the project's modules only when something is used."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pikku_core.environment.record import DefinitionRecord
from pikku_core.errors import DeclarationError
from pikku_core.runtime.handles import DeclarationHandle, WiringHandle
from pikku_core.runtime.inspection import data_parameter, function_config, needs_of, place
from pikku_core.runtime.package import GeneratedPackage
from pikku_core.runtime.records import (
    NO_DATA,
    FunctionParts,
    FunctionRecord,
    Needs,
    ServiceRecord,
)
from pikku_core.runtime.required import still_required
from pikku_core.schema import codec_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from os import PathLike
    from pathlib import Path
    from types import ModuleType

    from pikku_core.declaration import Declaration, Wiring
    from pikku_core.schema import CodecAdapter

Row = dict[str, Any]
"""A literal of a generated file; its keys are written by `pikku_core.codegen`."""


class Generated:
    """A catalog of what a `.pikku/` directory says.

    Raises:
        DeclarationError: The directory is missing, incomplete, or older than the source beside it.
    """

    def __init__(
        self,
        directory: str | PathLike[str],
        adapters: Sequence[CodecAdapter],
        *,
        check_fresh: bool,
        instances: Collection[str] = (),
    ) -> None:
        self._package = GeneratedPackage(directory)
        self.directory = self._package.directory
        if check_fresh:
            refuse_stale(self._package.directory)
        bootstrap = self._package.bootstrap
        self._adapters = adapters
        self._core: Mapping[str, str] = bootstrap.MODULES
        self._kinds: Mapping[str, str] = {
            **bootstrap.KINDS,
            **{
                kind: self._core[kind]
                for kind in ("middleware", "permissions", "secrets", "variables")
                if kind in self._core
            },
        }
        self._functions = self._module("functions")
        self._services = self._module("services")
        self._function_rows: Mapping[str, Row] = literal(self._functions, "FUNCTIONS", {})
        self._callables: dict[str, Needs] = {
            key: needs(row, data=row.get("data", True))
            for kind in ("middleware", "permissions")
            for key, row in literal(self._module(kind), "CALLABLES", {}).items()
        }
        self._records: dict[str, FunctionRecord] = {}
        self._wirings: dict[str, Sequence[WiringHandle[Wiring]]] = {}
        self._declarations: dict[str, Sequence[DeclarationHandle[Declaration]]] = {}
        self.services: Mapping[str, ServiceRecord] = {
            name: ServiceRecord(
                id=name,
                scope=row["scope"],
                needs=needs(row),
                factory=getattr(self._services, row["factory"]),
            )
            for name, row in literal(self._services, "SERVICES", {}).items()
        }
        self.functions: Sequence[str] = sorted(self._function_rows)
        self.required: Sequence[str] = still_required(
            literal(self._services, "REQUIRED", []),
            self.services,
            asked=self._asked(),
            given=instances,
        )
        self.definitions: Sequence[DefinitionRecord] = [
            DefinitionRecord.of_row(
                handle.meta, is_secret=kind == "secrets", load=cast("Any", handle.load)
            )
            for kind in ("secrets", "variables")
            for handle in self.declarations(kind)
        ]
        self.secret_keys = frozenset[str](literal(self._kind("secrets"), "SECRET_KEYS", []))
        self.rpc_names: Mapping[str, str] = literal(self._module("rpc"), "RPC", {})
        self.kinds: Sequence[str] = sorted(self._kinds)

    def function(self, function: str) -> FunctionRecord:
        """The record of a function; imports it and its types."""
        if function not in self._records:
            row = self._function_rows[function]
            parts = self._import(function, getattr(self._functions, row["factory"]))
            self._records[function] = FunctionRecord(
                id=function,
                func=parts.func,
                config=function_config(parts.func),
                needs=needs(row, data=row["data"]),
                data=codec_for(parts.data, self._adapters) if row["data"] else None,
                result=codec_for(parts.result, self._adapters),
                default=data_parameter(parts.func)[1] if row["data_optional"] else NO_DATA,
            )
        return self._records[function]

    def needs_of(self, call: Callable[..., Any]) -> Needs:
        """What a middleware or a permission asks for; a library's own is read from its signature."""
        return self._callables.get(place(call)) or needs_of(call)

    def wirings(self, kind: str) -> Sequence[WiringHandle[Wiring]]:
        """The wirings of a kind; none is made yet."""
        if kind not in self._wirings:
            module = self._kind(kind)
            self._wirings[kind] = [
                WiringHandle(
                    id=name,
                    meta=row,
                    load=cache(getattr(module, row["factory"])),
                    function=row["function"],
                )
                for name, row in literal(module, "WIRINGS", {}).items()
            ]
        return self._wirings[kind]

    def declarations(self, kind: str) -> Sequence[DeclarationHandle[Declaration]]:
        """The declarations of a kind that name no function; none is made yet."""
        if kind not in self._declarations:
            module = self._kind(kind)
            self._declarations[kind] = [
                DeclarationHandle(id=name, meta=row, load=cache(getattr(module, row["factory"])))
                for name, row in literal(module, "DECLARATIONS", {}).items()
            ]
        return self._declarations[kind]

    def loaded(self, kind: str) -> Sequence[Declaration]:
        """The declarations of a kind, made; each once."""
        return [handle.load() for handle in self.declarations(kind)]

    def needed_by(self, service: str) -> str:
        """Who needs a service: a function that asks for it, a service, or what else there is."""
        for name, row in self._function_rows.items():
            if service in row["parameters"].values():
                return f'function "{name}"'
        for name, record in self.services.items():
            if service in record.needs.parameters.values():
                return f'service "{name}"'
        for name, known in self._callables.items():
            if service in known.parameters.values():
                return f'"{name}"'
        return "the project"

    def _asked(self) -> set[str]:
        """What functions, middleware and permissions ask for, and what runs wirings."""
        asking = [row["parameters"] for row in self._function_rows.values()]
        asking += [needs.parameters for needs in self._callables.values()]
        runners: list[str] = literal(self._services, "WIRING_NEEDS", [])
        return {*runners, *(provider for parameters in asking for provider in parameters.values())}

    def _import(self, function: str, factory: Callable[[], FunctionParts]) -> FunctionParts:
        try:
            return factory()
        except Exception as error:
            error.add_note(f'This happened when the function "{function}" was imported.')
            raise

    def _module(self, name: str) -> ModuleType | None:
        return self._package.module(self._core[name]) if name in self._core else None

    def _kind(self, kind: str) -> ModuleType | None:
        return self._package.module(self._kinds[kind]) if kind in self._kinds else None


def literal(module: ModuleType | None, name: str, default: Any) -> Any:
    """A literal of a generated module; the default where the module or the literal was not written."""
    return getattr(module, name, default)


def needs(row: Row, *, data: bool = False) -> Needs:
    """How a callable runs and what it asks for, as its row says."""
    return Needs(
        kind=row["kind"],
        parameters=row["parameters"],
        optional=frozenset(row["optional"]),
        data=data,
    )


def refuse_stale(directory: Path) -> None:
    """Raises `DeclarationError` where the source beside a generated directory has changed since."""
    from pikku_core.freshness import check

    root = next(
        (each for each in directory.parents if (each / "pyproject.toml").is_file()),
        directory.parent,
    )
    reason = check(root, directory)
    if reason is not None:
        raise DeclarationError(
            f"The generated files are not those of the project, {reason}: run `pikku` there."
        )
