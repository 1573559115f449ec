"""Validators that refuse infinite floats, which JSON does not have but `1e999` is read as.

A float says so in its core schema, in a copy of the type's own: the validator that comes of it is as fast as the type's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pydantic_core import SchemaValidator

from pikku_core.schema_text import UNREAD, is_schema, parts

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic.plugin._schema_validator import PluggableSchemaValidator

    from pikku_core.schema_text import Schema


def finite_validator(adapter: TypeAdapter[Any]) -> SchemaValidator | PluggableSchemaValidator:
    """The type's validator, but no float is infinite or NaN unless the type allows it by `allow_inf_nan=True`.

    What is declared as `Any` is not looked into. A validator that somebody's pydantic plugin stands round is left alone.
    """
    validator = adapter.validator
    schema: Schema = adapter.core_schema
    has_floats = any(part.get("type") == "float" for part in parts(schema))
    if not has_floats or not isinstance(validator, SchemaValidator):
        return validator
    # A model's own validator is otherwise put in the place of what its schema says here.
    return SchemaValidator(finite(schema, allowed=False), _use_prebuilt=False)


def finite(value: Any, *, allowed: bool) -> Any:
    """A copy of a core schema, or of what is in it, whose floats are finite.

    Args:
        allowed: What the configuration round it says of infinity.
    """
    if isinstance(value, list | tuple):
        members = [finite(each, allowed=allowed) for each in cast("list[Any]", value)]
        return members if isinstance(value, list) else tuple(members)
    if not isinstance(value, dict):
        return value
    part = cast("dict[str, Any]", value)
    passed_over = frozenset[str]()
    if is_schema(part):
        passed_over = UNREAD | {"config"}
        allowed = part.get("config", {"allow_inf_nan": allowed}).get("allow_inf_nan", False)
    copied = {
        key: inner if key in passed_over else finite(inner, allowed=allowed)
        for key, inner in part.items()
    }
    if part.get("type") == "float":
        copied.setdefault("allow_inf_nan", allowed)
    return copied
