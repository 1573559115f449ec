"""Where the data of a wiring comes from, fixed once: the path, the query string, the body.

- The names of the route come from the path.
- The names in `query=` come from the query string; of a request without a body (GET, HEAD, DELETE, OPTIONS) every
  other field too. Further parameters are never merged.
- All else comes from the body: JSON, or a form.

Data without fields is the whole body, as it is where it is bytes, else as JSON.

A field that the body gives beside another source must have one value: 422 otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pikku_core import DeclarationError, FieldError, InvalidDataError
from pikku_http.http.bodies.options import BODILESS
from pikku_http.http.query import Fill, query_filler

if TYPE_CHECKING:
    from pikku_core.runtime.records import FunctionRecord
    from pikku_core.schema import TypeCodec
    from pikku_http.http.asgi import Receive, Scope
    from pikku_http.http.bodies.limits import BodyLimits
    from pikku_http.http.route import Route
    from pikku_http.http.router import Values
    from pikku_http.http.wiring import HttpWiring

Convert: TypeAlias = Callable[[dict[str, Any]], Any]
ReadBody: TypeAlias = "Callable[[Scope, Receive, Values], Awaitable[Any]]"
WithBody: TypeAlias = "Callable[[Any, Scope, Values], Any]"
"""Makes the data of a body that has been read: of its bytes, or of the values of a form."""


@dataclass(frozen=True, slots=True)
class Source:
    """How the data of a wiring is read: by one of the three, or by none where there is no data.

    Attributes:
        plain: From path and query string.
        with_body: From the body too, which `read_body` has read.
        reads: From the body too, which it reads by itself: a form, or bytes.
        spools: Whether the scope must have a `Spool` for that.
        streams: Whether the function gets a body that is still arriving.
    """

    plain: Callable[[Scope, Values], Any] | None = None
    with_body: WithBody | None = None
    reads: ReadBody | None = None
    spools: bool = False
    streams: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What does not come from the body.

    Attributes:
        path: The keys that the path fills, in the order of the route.
        fill: Reads the query string.
        keys: The keys that come from path and query string, each with all that a body may call it.
    """

    path: list[str]
    fill: Fill
    keys: Mapping[str, list[str]]


def source_of(
    wiring: HttpWiring, route: Route, record: FunctionRecord, limits: BodyLimits
) -> Source:
    """How the data of a wiring is read.

    Raises:
        DeclarationError: The data has no field for a name of the route or of `query`, or cannot come as the wiring says.
    """
    if record.data is None:
        return _without_data(wiring, route, record)
    if record.data.fields is None:
        if wiring.method in BODILESS or route.names or wiring.query:
            raise DeclarationError(
                f'The data of "{record.id}" has no fields that path and query string of "{wiring.id}" could fill: '
                "make it a model, a dataclass or a TypedDict."
            )
        return _without_fields(wiring, record, limits)
    names = _canonical(record.data.fields)
    path = [_field(name, names, wiring, record.id) for name in route.names]
    query = [_field(name, names, wiring, record.id) for name in wiring.query]
    if wiring.method in BODILESS or wiring.body:
        apart = {*path, names.get(wiring.body)}
        query = [key for key in dict.fromkeys(names.values()) if key not in apart]
    fill = query_filler({key: name for key, name in names.items() if name in query})
    keys = {name: [key for key, of in names.items() if of == name] for name in [*path, *query]}
    elsewhere = Elsewhere(path, fill, keys)
    if wiring.body:
        from pikku_http.http.bodies.raw_source import field_source

        return field_source(wiring, record, names, elsewhere, limits)
    if wiring.form or may_hold_uploads():
        from pikku_http.http.bodies.form_source import form_source

        found = form_source(wiring, record, names, elsewhere, limits)
        if found is not None:
            return found
    return _plain(wiring, record, record.data, elsewhere)


def _plain(
    wiring: HttpWiring, record: FunctionRecord, codec: TypeCodec, elsewhere: Elsewhere
) -> Source:
    """Data with fields, from JSON or no body at all."""
    bodiless = wiring.method in BODILESS
    if not bodiless and not elsewhere.keys:
        return Source(with_body=_whole_body(record))
    convert = codec.mapping_reader(text=frozenset(elsewhere.keys), json=not bodiless)
    if bodiless:
        return Source(plain=_without_body(elsewhere.path, elsewhere.fill, convert, record))
    return Source(with_body=merged(elsewhere, convert, record))


def may_hold_uploads() -> bool:
    """Whether some type of this process may have an upload in it: what nobody has imported is in none."""
    return "pikku_http.http.bodies.upload" in sys.modules


def _without_data(wiring: HttpWiring, route: Route, record: FunctionRecord) -> Source:
    """Nothing is read: the wiring must not say how."""
    problem = next(iter([*route.names, *wiring.query]), None)
    if problem is not None:
        raise DeclarationError(
            f'The route "{wiring.route}" takes "{problem}", but the function "{record.id}" takes no data.'
        )
    idle = [name for name in ("body", "form", "max_body") if getattr(wiring, name)]
    if idle:
        raise DeclarationError(
            f'The option "{idle[0]}" of "{wiring.id}" changes nothing: the function "{record.id}" takes no data.'
        )
    return Source()


def _without_fields(wiring: HttpWiring, record: FunctionRecord, limits: BodyLimits) -> Source:
    """Data that is the whole body."""
    from pikku_http.http.bodies.raw_source import whole_source

    if wiring.form or wiring.body:
        option = "form" if wiring.form else "body"
        raise DeclarationError(
            f'The option "{option}" of "{wiring.id}" needs data with fields, and "{record.id}" takes none.'
        )
    return whole_source(record, limits) or Source(with_body=_whole_body(record))


def _canonical(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """For each name and alias the key that the type reads the field by: its alias where it has one."""
    keys = {name: accepted[0] if accepted else name for name, accepted in fields.items()}
    aliases = {key: keys[name] for name, accepted in fields.items() for key in accepted}
    return {**keys, **aliases}


def _field(name: str, names: Mapping[str, str], wiring: HttpWiring, function: str) -> str:
    if name in names:
        return names[name]
    raise DeclarationError(
        f'The data of "{function}" has no field "{name}", which "{wiring.id}" takes from '
        f"the {'query string' if name in wiring.query else 'path'}."
    )


def _without_body(
    path: list[str], fill: Fill, convert: Convert, record: FunctionRecord
) -> Callable[[Scope, Values], Any]:
    default = record.default
    may_be_empty = not path and has_default(record)
    only = path[0] if len(path) == 1 else ""

    def read(scope: Scope, values: Values) -> Any:
        data: dict[str, Any] = {only: values[0]} if only else dict(zip(path, values, strict=True))
        query: bytes = scope["query_string"]
        if query:
            fill(query, data)
        if may_be_empty and not data:
            return default
        try:
            return convert(data)
        except InvalidDataError as error:
            raise told(error, data) from None

    return read


def _whole_body(record: FunctionRecord) -> WithBody:
    assert record.data is not None
    read_json = record.data.read_json
    default = record.default
    may_be_empty = has_default(record)

    def read(body: bytes, _scope: Scope, _values: Values) -> Any:
        if body:
            return read_json(body)
        if may_be_empty:
            return default
        raise InvalidDataError([FieldError((), "missing", "A JSON body is required.")])

    return read


def merged(
    elsewhere: Elsewhere,
    convert: Convert,
    record: FunctionRecord,
    parse: Callable[[Any], Any] | None = None,
) -> WithBody:
    """Makes the data of a body, path and query string.

    Args:
        convert: Makes it of all values.
        parse: Makes a mapping of the body. Default: takes it for JSON.
    """
    from pikku_core.schema import parse_json

    read_body = parse or parse_json
    path, fill, keys = elsewhere.path, elsewhere.fill, elsewhere.keys
    default = record.default
    may_be_empty = has_default(record)

    def read(body: Any, scope: Scope, values: Values) -> Any:
        given: dict[str, Any] = dict(zip(path, values, strict=True))
        query: bytes = scope["query_string"]
        if query:
            fill(query, given)
        if not body and not given and may_be_empty:
            return default
        document: Any = read_body(body) if body else {}
        if not isinstance(document, dict):
            raise InvalidDataError([FieldError((), "object", "The body must be a JSON object.")])
        fields = cast("dict[str, Any]", document)
        faults = [fault for name in keys for fault in _clashes(name, keys[name], fields, given)]
        if faults:
            raise InvalidDataError(faults)
        try:
            return convert({**fields, **given})
        except InvalidDataError as error:
            raise told(error, given) from None

    return read


def _clashes(
    name: str, keys: Iterable[str], document: dict[str, Any], given: Mapping[str, Any]
) -> Iterable[FieldError]:
    """Takes a field that has another source out of the body, and says where the two differ."""
    for key in keys:
        if key not in document:
            continue
        value = document.pop(key)
        if name not in given:
            yield FieldError(
                (name,), "wrong_source", "It comes from the query string, not from the body."
            )
        elif _text(value) != _text(given[name]):
            yield FieldError(
                (name,), "conflict", "The body and the path or query string give different values."
            )


def _text(value: Any) -> Any:
    """A JSON value as a path or a query string would spell it; lists element by element, a single text as a list."""
    if isinstance(value, list):
        texts = [_text(one) for one in cast("Iterable[Any]", value)]
        return texts[0] if len(texts) == 1 else texts
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def told(error: InvalidDataError, given: Mapping[str, Any]) -> InvalidDataError:
    """Says of a repeated parameter that it may stand once, rather than that a list is no number."""
    return InvalidDataError(
        [
            FieldError(fault.location, "repeated", "It may be given once.")
            if len(fault.location) == 1
            and isinstance(given.get(str(fault.location[0])), list)
            and fault.code.endswith("_type")
            else fault
            for fault in error.details
        ]
    )


def has_default(record: FunctionRecord) -> bool:
    """Whether the data of a function may be left out."""
    from pikku_core.runtime.records import NO_DATA

    return record.default is not NO_DATA
