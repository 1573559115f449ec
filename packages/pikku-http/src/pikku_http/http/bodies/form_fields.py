"""What the fields of a data type mean to a form: which of them are uploads, and what an empty text says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from pikku_core import DeclarationError, InvalidDataError
from pikku_core.schema_pydantic import PydanticCodec
from pikku_core.schema_text import SEQUENCES, CoreSchema, Schema, parts, unlabelled
from pikku_http.http.bodies.stream import BodyStream, streamed
from pikku_http.http.bodies.upload import UploadFile, arriving, uploaded
from pikku_http.http.bodies.upload_rules import MaxSize
from pikku_http.http.source import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pikku_core.schema import TypeCodec
    from pikku_http.http.source import Convert

LAYERS: Final = frozenset({"default", "nullable", "function-after"})
"""Core schemas that stand round the schema of a value."""

NO_TEXT: Final = frozenset(
    {"bool", "date", "datetime", "decimal", "float", "int", "time", "timedelta", "uuid"}
)
"""Core schemas that no empty text fits."""


@dataclass(frozen=True, slots=True)
class UploadField:
    """A field that takes uploads.

    Attributes:
        many: Whether it is a list of them.
        limit: The largest size of each, in bytes; None: as large as the body may be.
    """

    many: bool
    limit: int | None


@dataclass(frozen=True, slots=True)
class FormFields:
    """The fields of a data type as a form sees them.

    Attributes:
        names: For each name and alias the key that the type reads the field by.
        uploads: Those that take uploads, by key.
        blank: The keys of those that no empty text fits: a browser sends one for an input that was left empty.
    """

    names: Mapping[str, str]
    uploads: Mapping[str, UploadField]
    blank: frozenset[str] = frozenset()

    def add_text(self, values: dict[str, Any], name: str, text: str) -> None:
        """Puts a text of a form where it belongs; an empty one counts as none where the field is no text."""
        key = self.names.get(name, name)
        if text or key not in self.blank:
            add(values, key, text)


def add(values: dict[str, Any], key: str, value: Any) -> None:
    """Puts a value into a form: beside the others, where its name stands there several times."""
    if key not in values:
        values[key] = value
    elif isinstance(values[key], list):
        values[key].append(value)
    else:
        values[key] = [values[key], value]


def form_fields(codec: TypeCodec, names: Mapping[str, str]) -> FormFields:
    """The fields of a data type.

    Args:
        names: For each name and alias the key that the type reads the field by.

    Raises:
        DeclarationError: An upload stands where no form can bring it.
    """
    uploads: dict[str, UploadField] = {}
    blank: set[str] = set()
    core = _core_of(codec)
    for name, field in ({} if core is None else core.fields() or {}).items():
        assert core is not None, "it has fields"
        schema, key = _inner(core, field.schema), names[name]
        if is_many := schema["type"] in SEQUENCES:
            schema = _inner(core, _items(schema))
        if _is_upload(schema):
            uploads[key] = UploadField(is_many, _limit(field.schema))
            continue
        if _holds_upload(core, schema):
            raise DeclarationError(misplaced(f"{_type_name(codec)}.{name}"))
        if _fits_no_empty_text(schema):
            blank.add(key)
    return FormFields(names, uploads, frozenset(blank))


def refuse_uploads(codec: TypeCodec) -> None:
    """Lets a data type without uploads pass, which has no fields.

    Raises:
        DeclarationError: There is one in it.
    """
    core = _core_of(codec)
    if core is not None and _holds_upload(core, core.schema):
        raise DeclarationError(misplaced(_type_name(codec)))


def raw_field(codec: TypeCodec, key: str) -> type | None:
    """What a field becomes that takes a body as it is: `bytes`, `UploadFile` or `BodyStream`; None for any other.

    A strict type takes no bytes: it is read as JSON, which has none.
    """
    core = _core_of(codec)
    fields = {} if core is None else core.fields() or {}
    for name, field in fields.items():
        if core is not None and key in {name, *field.keys}:
            schema = _inner(core, field.schema)
            if _is_upload(schema):
                return UploadFile
            if core.is_strict():
                return None
            if schema["type"] == "bytes":
                return bytes
            return BodyStream if _calls(schema, streamed) else None
    return None


def upload_limit(codec: TypeCodec, key: str | None = None) -> int | None:
    """The largest size of an upload that is a field, or all of a data type; None: as large as the body may be."""
    core = _core_of(codec)
    if core is None:
        return None
    if key is None:
        return _limit(core.schema)
    for name, field in (core.fields() or {}).items():
        if key in {name, *field.keys}:
            return _limit(field.schema)
    return None


def with_tickets(convert: Convert, uploads: Iterable[str]) -> Convert:
    """Lets a strict type, which is read as JSON, find its files again.

    Args:
        uploads: The keys that these are under.
    """

    def convert_form(values: dict[str, Any]) -> Any:
        files: list[UploadFile] = []
        for value in (values[key] for key in uploads if key in values):
            files += value if isinstance(value, list) else [value]
        token = arriving.set({str(id(file)): file for file in files})
        try:
            return convert(values)
        except InvalidDataError as error:
            raise told(error, values) from None
        finally:
            arriving.reset(token)

    return convert_form


def misplaced(where: str) -> str:
    """The sentence about an upload that no form can bring."""
    return (
        f'The upload in "{where}" can be brought by no form: a field is an "UploadFile", a list of them, or either of '
        "these or None."
    )


def _core_of(codec: TypeCodec) -> CoreSchema | None:
    if not isinstance(codec, PydanticCodec):
        return None
    return CoreSchema(TypeAdapter(codec.type).core_schema)


def _type_name(codec: TypeCodec) -> str:
    return str(getattr(codec.type, "__name__", codec.type))


def _inner(core: CoreSchema, schema: Schema) -> Schema:
    """The schema of a value without what stands round it, and without None."""
    schema = core.resolve(schema)
    while schema["type"] in LAYERS:
        schema = core.resolve(schema["schema"])
    if schema["type"] == "union":
        others = [core.resolve(unlabelled(one)) for one in schema["choices"]]
        others = [one for one in others if one["type"] != "none"]
        if len(others) == 1:
            return _inner(core, others[0])
    return schema


def _fits_no_empty_text(schema: Schema) -> bool:
    if schema["type"] == "enum":
        return all(member.value != "" for member in schema["members"])
    if schema["type"] == "literal":
        return "" not in schema["expected"]
    return schema["type"] in NO_TEXT


def _items(schema: Schema) -> Schema:
    items: Schema | list[Schema] = schema.get("items_schema", {"type": "any"})
    return items[0] if isinstance(items, list) else items


def _is_upload(schema: Schema) -> bool:
    return _calls(schema, uploaded)


def _calls(schema: Schema, function: object) -> bool:
    called: Any = schema.get("function")
    return isinstance(called, dict) and called["function"] is function


def _holds_upload(core: CoreSchema, schema: Schema) -> bool:
    seen: set[str] = set()
    unread = [schema]
    while unread:
        for part in parts(unread.pop()):
            if _is_upload(part):
                return True
            reference = part.get("schema_ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                unread.append(core.resolve(part))
    return False


def _limit(schema: Schema) -> int | None:
    found = [
        rule.bytes
        for part in parts(schema)
        if isinstance(part.get("function"), dict)
        and isinstance(rule := getattr(part["function"]["function"], "__self__", None), MaxSize)
    ]
    return min(found, default=None)
