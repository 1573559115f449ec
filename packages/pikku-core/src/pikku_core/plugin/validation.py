"""Whether a plugin's declaration can be honoured at all."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

from pikku_core.plugin.declarations import (
    Command,
    DoctorCheck,
    Filter,
    Generator,
    ProjectCheck,
    ScanRule,
    SchemaAdapter,
    ServeComponent,
    ServiceDeclaration,
    Setting,
    Template,
    ValueSource,
    WireParameter,
    WiringKind,
)
from pikku_core.plugin.diagnostics import DiagnosticCode
from pikku_core.plugin.registry import PluginDeclaration, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTING_TYPES: Final[Mapping[str, type[object]]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list[str]": tuple,
}
"""The types that a `Setting` may have, and the class of their defaults."""

_TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_TARGET_FIELDS: Final[Mapping[type[object], tuple[str, ...]]] = {
    Command: ("target",),
    DoctorCheck: ("check",),
    Filter: ("values",),
    Generator: ("render",),
    ProjectCheck: ("check",),
    ScanRule: ("read",),
    SchemaAdapter: ("adapter",),
    ServeComponent: ("serve",),
    ServiceDeclaration: ("factory",),
    Setting: ("check",),
    Template: ("files",),
    ValueSource: ("source",),
    WireParameter: ("type", "sync_type", "of_scope"),
    WiringKind: ("concerns", "exposed"),
}
_WORD = re.compile(r"[a-z][a-z0-9-]*")
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{3,4}")


def fault_of(declaration: PluginDeclaration) -> str:
    """What is wrong with a declaration, as the rest of a sentence; empty where nothing is."""
    name = name_of(declaration)
    if not name:
        return f'a "{type(declaration).__name__}" without a name.'
    for target in _targets(declaration):
        if not _TARGET.fullmatch(target):
            return f'"{name}" with the target "{target}": write it as "package.module:attribute".'
    match declaration:
        case Generator():
            return _generator_fault(declaration)
        case Setting():
            return _setting_fault(declaration)
        case _:
            return _name_fault(declaration, name)


def _name_fault(declaration: PluginDeclaration, name: str) -> str:
    fault = ""
    match declaration:
        case WiringKind() | WireParameter() | ServiceDeclaration():
            if not name.isidentifier() or iskeyword(name):
                fault = f'a "{type(declaration).__name__}" named "{name}": use a Python identifier.'
        case Command() | Template():
            if not all(_WORD.fullmatch(word) for word in name.split(" ")):
                fault = f'a {type(declaration).__name__.lower()} named "{name}": use lower-case words, separated by one space.'
        case Filter() | ValueSource():
            if not _WORD.fullmatch(name):
                noun = "filter" if isinstance(declaration, Filter) else "value source"
                fault = f'a {noun} named "{name}": use a lower-case word, such as "http-routes".'
        case DiagnosticCode():
            if not _CODE.fullmatch(name):
                fault = f'a diagnostic code "{name}": use capitals and digits, such as "PKU118".'
        case _:
            pass
    return fault


def _targets(declaration: PluginDeclaration) -> list[str]:
    targets = [
        getattr(declaration, name)
        for name in _TARGET_FIELDS.get(type(declaration), ())
        if getattr(declaration, name) is not None
    ]
    if isinstance(declaration, ServeComponent):
        targets += [target for _, target in declaration.mounts]
    return targets


def _generator_fault(generator: Generator) -> str:
    for output in generator.outputs:
        if not output or output.startswith("/") or "\\" in output or ".." in output.split("/"):
            return (
                f'"{generator.name}" with the output "{output}": '
                f'write a POSIX path relative to ".pikku/", such as "http/openapi.gen.json".'
            )
    return ""


def _setting_fault(setting: Setting) -> str:
    table, dot, key = setting.name.partition(".")
    if not dot or not table.isidentifier() or not key.isidentifier():
        return f'a setting named "{setting.name}": write the table and the key, such as "http.max_body".'
    expected = SETTING_TYPES.get(setting.type)
    if expected is None:
        known = ", ".join(f'"{one}"' for one in SETTING_TYPES)
        return (
            f'the setting "{setting.name}" with the type "{setting.type}": the types are {known}.'
        )
    default = setting.default
    of_type = type(default) is expected or (expected is float and type(default) is int)
    if default is not None and not of_type:
        return (
            f'the setting "{setting.name}" with a default that is not of its type "{setting.type}".'
        )
    if setting.choices and (setting.type != "str" or default not in {None, *setting.choices}):
        return f'the setting "{setting.name}" with choices that its default is none of.'
    return ""
