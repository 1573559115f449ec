"""The kinds of values that the contract knows, with its words for what is wrong with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

LARGEST_INTEGER = 2**63 - 1
"""What SQLite can hold."""


# What Python takes for white space and JSON Schema's regular expressions (ECMA 262) do not.
FURTHER = r"\x1c-\x1f\x85"
NOT_BLANK = {"type": "string", "pattern": rf"[^\s{FURTHER}]"}
ADDRESS = {"type": "string", "pattern": rf"^[^@\s{FURTHER}]+@[^@\s{FURTHER}]+$"}
SECRET = {**NOT_BLANK, "format": "password", "writeOnly": True}


class Model(BaseModel):
    """The base of all that is sent and received: `created_at` here is `createdAt` there."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True, frozen=True
    )


def present(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise PydanticCustomError("blank", "can't be blank")
    return value


def address(value: str) -> str:
    if re.fullmatch(r"[^@\s]+@[^@\s]+", value) is None:
        raise PydanticCustomError("email", "is invalid")
    return value


def blank_to_none(value: str | None) -> str | None:
    return value or None


def utc_text(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


Text = Annotated[str, BeforeValidator(present), WithJsonSchema(NOT_BLANK)]
"""Never null, never blank."""

Email = Annotated[str, AfterValidator(address), BeforeValidator(present), WithJsonSchema(ADDRESS)]

Password = Annotated[SecretStr, BeforeValidator(present), WithJsonSchema(SECRET)]
"""Shown as `**********` wherever it is printed or logged."""

TextChange = Annotated[Text | None, BeforeValidator(present), WithJsonSchema(NOT_BLANK)]
"""None where it was left out; never null, never blank where it was sent. So the two below."""

EmailChange = Annotated[Email | None, BeforeValidator(present), WithJsonSchema(ADDRESS)]

PasswordChange = Annotated[Password | None, BeforeValidator(present), WithJsonSchema(SECRET)]

ClearableText = Annotated[str | None, AfterValidator(blank_to_none)]
"""Null and the empty string both mean that there is none."""

Timestamp = Annotated[
    datetime,
    PlainSerializer(utc_text, return_type=str),
    Field(json_schema_extra={"format": "date-time"}),
]
"""In UTC, to the microsecond: `2026-02-18T03:22:56.637000Z`."""
