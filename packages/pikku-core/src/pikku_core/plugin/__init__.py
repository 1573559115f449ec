"""All that a plugin author imports.

A plugin declares with frozen values what it adds; see `pikku_core.plugin.hooks` for the hooks. The expressions that a
call site and the models hold are in `pikku_core.plugin.expression`, and `pikku_core.plugin.spelling` writes them out.

A transport that is also started by a program of its own, as HTTP is by ASGI servers, does there what the tool does: it
loads the plugins (`pikku_core.plugin.loader.load_plugins`), imports what they name (`pikku_core.plugin.target.resolve`),
reads the settings (`pikku_core.settings`) and hands the App their hooks and adapters.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pikku_core.plugin.context import (
    CommandContext,
    CommandError,
    Tool,
    current_command,
    current_tool,
)
from pikku_core.plugin.declarations import (
    Command,
    DoctorCheck,
    Filter,
    GeneratedFile,
    Generator,
    Phase,
    ProjectCheck,
    ScanRule,
    SchemaAdapter,
    ServeComponent,
    ServiceDeclaration,
    Setting,
    Target,
    Template,
    ValueSource,
    WireParameter,
    WiringKind,
)
from pikku_core.plugin.diagnostics import (
    Diagnostic,
    DiagnosticCode,
    DiagnosticError,
    Location,
    Severity,
)
from pikku_core.plugin.hooks import PLUGIN_API, hookimpl

if TYPE_CHECKING:
    from pikku_core.plugin.callsite import CallSite, ReadCall
    from pikku_core.plugin.model import (
        CallableModel,
        DeclarationModel,
        FieldModel,
        FunctionModel,
        Json,
        Project,
        ServiceModel,
        TypeModel,
        WiringModel,
    )
    from pikku_core.plugin.naming import Naming

__all__ = [
    "PLUGIN_API",
    "CallSite",
    "CallableModel",
    "Command",
    "CommandContext",
    "CommandError",
    "DeclarationModel",
    "Diagnostic",
    "DiagnosticCode",
    "DiagnosticError",
    "DoctorCheck",
    "FieldModel",
    "Filter",
    "FunctionModel",
    "GeneratedFile",
    "Generator",
    "Json",
    "Location",
    "Naming",
    "Phase",
    "Project",
    "ProjectCheck",
    "ReadCall",
    "ScanRule",
    "SchemaAdapter",
    "ServeComponent",
    "ServiceDeclaration",
    "ServiceModel",
    "Setting",
    "Severity",
    "Target",
    "Template",
    "Tool",
    "TypeModel",
    "ValueSource",
    "WireParameter",
    "WiringKind",
    "WiringModel",
    "current_command",
    "current_tool",
    "hookimpl",
]

_MODULES: Final = {
    "CallSite": "callsite",
    "CallableModel": "model",
    "DeclarationModel": "model",
    "FieldModel": "model",
    "FunctionModel": "model",
    "Json": "model",
    "Naming": "naming",
    "Project": "model",
    "ReadCall": "callsite",
    "ServiceModel": "model",
    "TypeModel": "model",
    "WiringModel": "model",
}


def __getattr__(name: str) -> Any:
    # Every command imports every plugin, and a plugin needs none of these to declare what it adds.
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
