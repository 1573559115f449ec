"""What the schema process is asked and what it answers: JSON on its standard input and output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NotRequired, TypeAlias, TypedDict

if TYPE_CHECKING:
    from pikku_core.codegen.schema.import_effects import Effect


Mode: TypeAlias = Literal["validation", "serialization"]
"""Pydantic's two JSON Schemas of a type: of what it accepts, and of what it is written as."""


IMPORTING: Final = b"\0importing "
"""What a line of the standard error begins with that names the module that is imported next."""


Reason: TypeAlias = Literal["import", "typed_dict", "undefined", "schema"]
"""Why a type has no schema; see `Failure`."""


class Field(TypedDict):
    """A field of a type, as `FieldModel` has it."""

    name: str
    aliases: list[str]
    required: bool
    kind: Literal["scalar", "list", "other"]


class Described(TypedDict):
    """A type's JSON Schemas by mode, and its fields where it is a model, dataclass or TypedDict.

    Attributes:
        defaults: What the type says against each value that is wanted as a default; empty where it takes it.
    """

    schemas: dict[Mode, Any]
    fields: list[Field] | None
    defaults: NotRequired[dict[str, str]]


class TypeRequest(TypedDict):
    """A type to describe.

    Attributes:
        imports: The names in `code`, each with the module and the attribute that it stands for.
        code: The type as an expression of these names.
        modes: Which schemas are wanted.
        defaults: Python literals that variables of this type have as their defaults.
    """

    key: str
    imports: dict[str, tuple[str, str]]
    code: str
    modes: list[Mode]
    defaults: list[str]


class Request(TypedDict):
    """All types to describe.

    Attributes:
        root: The project's folder.
        paths: Folders to import from, before all others.
        adapters: The targets of the plugins' schema adapters, asked in this order before pydantic.
    """

    root: str
    paths: list[str]
    adapters: list[str]
    types: list[TypeRequest]


class Failure(TypedDict):
    """Why a type has no schema.

    Attributes:
        reason: `import` where a module raised, `typed_dict`, `undefined` where an annotation names what there is not, or
            `schema`.
        message: What was raised; the name that is not defined.
        module: The module that raised; empty for the other reasons.
        file: Where in the project it was raised, or is named; empty where that is outside.
    """

    reason: Reason
    message: str
    module: str
    file: str
    line: int


class Answer(TypedDict):
    """The types by key, those that failed, and what importing them did to the outside."""

    types: dict[str, Described]
    failures: dict[str, Failure]
    effects: list[Effect]
