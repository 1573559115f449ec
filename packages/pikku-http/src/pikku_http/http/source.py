"""Where the data of a wiring comes from, fixed once: the path, the query string, the body.

- The names of the route come from the path.
- The names in `query=` come from the query string; of a request without a body (GET, HEAD, DELETE, OPTIONS) every
  other field too. Further parameters are never merged.
- All else comes from the body.

A field that the body gives beside another source must have one value: 422 otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pikku_core import DeclarationError, FieldError, InvalidDataError
from pikku_http.http.query import Fill, query_filler
from pikku_http.http.wiring import BODILESS

if TYPE_CHECKING:
    from pikku_core.runtime.records import FunctionRecord
    from pikku_http.http.asgi import Scope
    from pikku_http.http.route import Route
    from pikku_http.http.router import Values
    from pikku_http.http.wiring import HttpWiring

Convert: TypeAlias = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Source:
    """How the data of a wiring is read: by one of the two, or by none where there is no data.

    Attributes:
        plain: From path and query string.
        with_body: From the body too, which `read_body` has read.
    """

    plain: Callable[[Scope, Values], Any] | None = None
    with_body: Callable[[bytes, Scope, Values], Any] | None = None


def source_of(wiring: HttpWiring, route: Route, record: FunctionRecord) -> Source:
    """How the data of a wiring is read.

    Raises:
        DeclarationError: The data has no field for a name of the route or of `query`.
    """
    if record.data is None:
        problem = next(iter([*route.names, *wiring.query]), None)
        if problem is None:
            return Source()
        raise DeclarationError(
            f'The route "{wiring.route}" takes "{problem}", but the function "{record.id}" takes no data.'
        )
    fields = record.data.fields
    bodiless = wiring.method in BODILESS
    if fields is None:
        if bodiless or route.names or wiring.query:
            raise DeclarationError(
                f'The data of "{record.id}" has no fields that path and query string of "{wiring.id}" could fill: '
                "make it a model, a dataclass or a TypedDict."
            )
        return Source(with_body=_whole_body(record))
    names = _canonical(fields)
    path = [_field(name, names, wiring, record.id) for name in route.names]
    query = [_field(name, names, wiring, record.id) for name in wiring.query]
    if bodiless:
        query = [key for key in dict.fromkeys(names.values()) if key not in path]
    if not bodiless and not path and not query:
        return Source(with_body=_whole_body(record))
    convert = record.data.mapping_reader(text=frozenset([*path, *query]), json=not bodiless)
    fill = query_filler({key: name for key, name in names.items() if name in query})
    if bodiless:
        return Source(plain=_without_body(path, fill, convert, record))
    keys = {name: [key for key, of in names.items() if of == name] for name in [*path, *query]}
    return Source(with_body=_merged(path, fill, keys, convert, record))


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
    may_be_empty = not path and _has_default(record)
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
            raise _told(error, data) from None

    return read


def _whole_body(record: FunctionRecord) -> Callable[[bytes, Scope, Values], Any]:
    assert record.data is not None
    read_json = record.data.read_json
    default = record.default
    may_be_empty = _has_default(record)

    def read(body: bytes, _scope: Scope, _values: Values) -> Any:
        if body:
            return read_json(body)
        if may_be_empty:
            return default
        raise InvalidDataError([FieldError((), "missing", "A JSON body is required.")])

    return read


def _merged(
    path: list[str],
    fill: Fill,
    keys: Mapping[str, Iterable[str]],
    convert: Convert,
    record: FunctionRecord,
) -> Callable[[bytes, Scope, Values], Any]:
    from pikku_core.schema import parse_json

    default = record.default
    may_be_empty = _has_default(record)

    def read(body: bytes, scope: Scope, values: Values) -> Any:
        given: dict[str, Any] = dict(zip(path, values, strict=True))
        query: bytes = scope["query_string"]
        if query:
            fill(query, given)
        if not body and not given and may_be_empty:
            return default
        document: Any = parse_json(body) if body else {}
        if not isinstance(document, dict):
            raise InvalidDataError([FieldError((), "object", "The body must be a JSON object.")])
        fields = cast("dict[str, Any]", document)
        faults = [fault for name in keys for fault in _clashes(name, keys[name], fields, given)]
        if faults:
            raise InvalidDataError(faults)
        try:
            return convert({**fields, **given})
        except InvalidDataError as error:
            raise _told(error, given) from None

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


def _told(error: InvalidDataError, given: Mapping[str, Any]) -> InvalidDataError:
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


def _has_default(record: FunctionRecord) -> bool:
    from pikku_core.runtime.records import NO_DATA

    return record.default is not NO_DATA
