"""Data that is a body as it is, or has it in one of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError
from pikku_http.http.bodies.form_fields import (
    raw_field,
    refuse_uploads,
    upload_limit,
    with_tickets,
)
from pikku_http.http.bodies.raw import raw_reader, raw_type
from pikku_http.http.bodies.stream import BodyStream
from pikku_http.http.bodies.upload import UploadFile
from pikku_http.http.source import Source, has_default, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.asgi import Receive, Scope
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.router import Values
    from pikku_http.http.source import Elsewhere
    from pikku_http.http.wiring import HttpWiring


def whole_source(record: FunctionRecord, limits: BodyLimits) -> Source | None:
    """How data without fields is read; None where it is JSON.

    Raises:
        DeclarationError: There is an upload in it, and it is none.
    """
    assert record.data is not None
    kind = raw_type(record.data.type)
    if kind is None:
        refuse_uploads(record.data)
        return None
    read_raw = raw_reader(kind, limits, most=upload_limit(record.data))
    read_value = record.data.read_value
    default, may_be_empty = record.default, has_default(record)

    async def read(scope: Scope, receive: Receive, _values: Values) -> Any:
        value = await read_raw(scope, receive)
        is_empty = value.size == 0 if isinstance(value, UploadFile) else value == b""
        return default if is_empty and may_be_empty else read_value(value)

    return Source(reads=read, spools=kind is UploadFile, streams=kind is BodyStream)


def field_source(
    wiring: HttpWiring,
    record: FunctionRecord,
    names: Mapping[str, str],
    elsewhere: Elsewhere,
    limits: BodyLimits,
) -> Source:
    """How the data of a wiring is read whose `body` names the field that takes the body as it is.

    Raises:
        DeclarationError: There is no such field, or it cannot take one.
    """
    assert record.data is not None
    key = names.get(wiring.body)
    kind = None if key is None else raw_field(record.data, key)
    if key is None or kind is None:
        raise DeclarationError(
            f'"{wiring.id}" takes the body into "{wiring.body}", which is no field of the data of "{record.id}" that '
            'is "bytes", "UploadFile" or "BodyStream".'
        )
    read_raw = raw_reader(kind, limits, most=upload_limit(record.data, key), place=(key,))
    convert = record.data.mapping_reader(text=frozenset(elsewhere.keys), json=False)
    if kind is UploadFile:
        convert = with_tickets(convert, [key])
    merge = merged(elsewhere, convert, record, parse=lambda values: values)

    async def read(scope: Scope, receive: Receive, values: Values) -> Any:
        return merge({key: await read_raw(scope, receive)}, scope, values)

    return Source(reads=read, spools=kind is UploadFile, streams=kind is BodyStream)
