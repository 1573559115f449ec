"""`function/pikku_functions_gen.py`: every function with its data and result types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.codegen.module import Factory, render_module
from pikku_core.codegen.names import factory_names
from pikku_core.plugin.declarations import GeneratedFile
from pikku_core.plugin.expression import Call, Constant, Expression, Name

if TYPE_CHECKING:
    from pikku_core.plugin.model import FunctionModel, Json, Parameter, Project

PATH: Final = "function/pikku_functions_gen.py"

FUNCTION_PARTS: Final = Name("pikku_core.runtime.records", "FunctionParts")
ANY: Final = Name("typing", "Any")
NONE_TYPE: Final = Name("types", "NoneType")
NONE: Final = Constant(None)


def render_functions(project: Project) -> GeneratedFile:
    """The functions' literals, and a factory for each that imports it and its types."""
    functions = [project.functions[identity] for identity in sorted(project.functions)]
    names = factory_names({function.id: function.id for function in functions})
    content = render_module(
        docstring="The functions, and what each of them needs.",
        imports=[
            "from typing import Any",
            "",
            "from pikku_core.runtime.records import FunctionParts",
        ],
        literals=[
            (
                "FUNCTIONS",
                "dict[str, dict[str, Any]]",
                {function.id: _row(function, names[function.id]) for function in functions},
            )
        ],
        factories=[
            Factory(
                name=names[function.id],
                returns="FunctionParts",
                value=Call(
                    FUNCTION_PARTS,
                    (function.origin, function.data or NONE, result_type(function)),
                ),
                comment=str(function.location),
            )
            for function in functions
        ],
        given={FUNCTION_PARTS: "FunctionParts", ANY: "Any"},
    )
    return GeneratedFile(path=PATH, content=content)


def injected(parameters: tuple[Parameter, ...]) -> dict[str, Json]:
    """The literals of keyword-only parameters: who provides each, and which may be missing."""
    return {
        "parameters": {parameter.name: parameter.provider for parameter in parameters},
        "optional": [parameter.name for parameter in parameters if parameter.optional],
    }


def result_type(function: FunctionModel) -> Expression:
    """The result type as a value: `NoneType` for None, `Any` where there is no annotation."""
    if function.result is None:
        return ANY
    return NONE_TYPE if function.result == NONE else function.result


def _row(function: FunctionModel, factory: str) -> dict[str, Json]:
    return {
        "factory": factory,
        "kind": function.kind.value,
        "needs_session": function.needs_session,
        "data": function.data is not None,
        "data_optional": function.data_optional,
        **injected(function.parameters),
        "tags": list(function.tags),
        "scopes": list(function.scopes),
        "readonly": function.readonly,
        "expose": function.expose,
        "addon": function.addon,
    }
