"""Data that comes from forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError
from pikku_http.http.bodies.form import (
    JSON,
    MULTIPART,
    URLENCODED,
    form_kind,
    read_form,
    unsupported,
)
from pikku_http.http.bodies.form_fields import form_fields, with_tickets
from pikku_http.http.bodies.options import BODILESS
from pikku_http.http.bodies.raw import SPOOL
from pikku_http.http.body import header_of, read_body
from pikku_http.http.source import Source, WithBody, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.asgi import Receive, Scope
    from pikku_http.http.bodies.form_fields import FormFields
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.router import Values
    from pikku_http.http.source import Elsewhere, ReadBody
    from pikku_http.http.wiring import HttpWiring


def form_source(
    wiring: HttpWiring,
    record: FunctionRecord,
    names: Mapping[str, str],
    elsewhere: Elsewhere,
    limits: BodyLimits,
) -> Source | None:
    """How the data of a wiring is read where forms may bring it; None where nothing but JSON does.

    Args:
        names: For each name and alias the key that the type reads the field by.
        elsewhere: What comes from path and query string.

    Raises:
        DeclarationError: No form can bring it.
    """
    assert record.data is not None
    fields = form_fields(record.data, names)
    if not fields.uploads and not wiring.form:
        return None
    if wiring.method in BODILESS:
        raise DeclarationError(
            f'"{wiring.id}" has no body that could bring the upload in the data of "{record.id}": use "post".'
        )
    taken = [key for key in elsewhere.keys if key in fields.uploads]
    if taken:
        raise DeclarationError(
            f'The upload "{taken[0]}" of "{record.id}" cannot come from path or query string of "{wiring.id}".'
        )
    if fields.uploads and wiring.form:
        raise DeclarationError(
            f'"form=True" changes nothing for "{wiring.id}": data with an upload is taken from forms alone.'
        )
    text = frozenset(names.values()) - fields.uploads.keys()
    convert = with_tickets(record.data.mapping_reader(text=text, json=False), fields.uploads)
    merge = merged(elsewhere, convert, record, parse=lambda form: form)
    if fields.uploads:
        return Source(reads=form_reader(fields, limits, merge), spools=True)
    json = record.data.mapping_reader(text=frozenset(elsewhere.keys), json=True)
    merge_json = merged(elsewhere, json, record)
    return Source(reads=form_or_json_reader(fields, limits, merge, merge_json), spools=True)


def form_reader(fields: FormFields, limits: BodyLimits, merge: WithBody) -> ReadBody:
    """Reads forms."""

    async def read(scope: Scope, receive: Receive, values: Values) -> Any:
        form = await read_form(scope, receive, fields, limits, scope[SPOOL])
        return merge(form, scope, values)

    return read


def form_or_json_reader(
    fields: FormFields, limits: BodyLimits, merge: WithBody, merge_json: WithBody
) -> ReadBody:
    """Reads forms, and JSON as ever."""
    read_as_form = form_reader(fields, limits, merge)

    async def read(scope: Scope, receive: Receive, values: Values) -> Any:
        kind = form_kind(header_of(scope, b"content-type"))
        if kind in {URLENCODED, MULTIPART}:
            return await read_as_form(scope, receive, values)
        if kind and kind != JSON and not kind.endswith("+json"):
            raise unsupported(kind, f"{JSON}, {URLENCODED} or {MULTIPART}")
        return merge_json(await read_body(scope, receive, limits.body), scope, values)

    return read
