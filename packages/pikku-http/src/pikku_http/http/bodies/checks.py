"""Checks of how bodies are read: whether forms can bring what a function takes, and options say what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pikku_core.plugin import Diagnostic
from pikku_http.http.bodies.options import BODILESS
from pikku_http.http.bodies.upload_schema import form_schema, holds_upload, is_raw, is_streamed
from pikku_http.http.route import parse_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import FunctionModel, Project, TypeModel, WiringModel
    from pikku_http.http.bodies.upload_schema import FormSchema


def bodies(project: Project) -> Iterator[Diagnostic]:
    """PKU885 to PKU889: uploads, forms, raw bodies and their limits."""
    wirings = (wiring for wiring in project.wirings if wiring.kind == "http")
    for wiring in sorted(wirings, key=lambda one: (one.location, one.id)):
        function = project.functions[wiring.function]
        if function.data is None:
            if not function.data_name:
                yield from _without_data(wiring, function)
            continue
        data = project.data_type(wiring.function)
        if data is None:
            continue  # What is wrong with it is reported.
        if data.fields is None:
            yield from _whole(wiring, function, data)
        else:
            yield from _fields(wiring, function, data)


def _without_data(wiring: WiringModel, function: FunctionModel) -> Iterator[Diagnostic]:
    for code, option in (("PKU886", "form"), ("PKU886", "body"), ("PKU889", "max_body")):
        if wiring.meta[option]:
            message = f'The option "{option}" changes nothing: the function "{function.id}" takes no data.'
            yield _found(code, wiring, function, message, "Leave it out.", option=option)


def _whole(wiring: WiringModel, function: FunctionModel, data: TypeModel) -> Iterator[Diagnostic]:
    for option in ("form", "body"):
        if wiring.meta[option]:
            message = (
                f'The option "{option}" needs data with fields, and "{function.id}" takes none.'
            )
            hint = "Make the data a model, a dataclass or a TypedDict, or leave the option out."
            yield _found("PKU886", wiring, function, message, hint, option=option)
    if is_streamed(data.input_schema):
        yield from _streamed(wiring, function)
    if not is_raw(data.input_schema) and holds_upload(data.input_schema):
        yield _misplaced(wiring, function, data.name)


def _fields(wiring: WiringModel, function: FunctionModel, data: TypeModel) -> Iterator[Diagnostic]:
    found = form_schema(data)
    for where in found.misplaced:
        yield _misplaced(wiring, function, where)
    body, names = str(wiring.meta["body"]), _named(wiring)
    elsewhere = {found.keys.get(name, name) for name in names}
    if body:
        yield from _into_field(wiring, function, found)
        elsewhere |= found.uploads.keys() - {found.keys.get(body, body)}
    method = str(wiring.meta["method"])
    for key in found.uploads:
        if method in BODILESS:
            message = (
                f'The upload "{key}" of "{function.id}" needs a body, and "{method}" has none.'
            )
            yield _found(
                "PKU885", wiring, function, message, 'Write method="post".', option="method"
            )
        elif key in elsewhere:
            message = (
                f'The upload "{key}" of "{function.id}" cannot come from path or query string.'
            )
            yield _found("PKU885", wiring, function, message, "Let a form bring it.")
    if wiring.meta["form"] and found.uploads:
        message = f'"form=True" changes nothing: "{function.id}" takes an upload, which forms alone bring.'
        yield _found("PKU886", wiring, function, message, "Leave it out.", option="form")
    if not body and (found.uploads or wiring.meta["form"]):
        apart = {*names, *(name for name, key in found.keys.items() if key in found.open)}
        yield from _structures(wiring, function, data, apart)


def _misplaced(wiring: WiringModel, function: FunctionModel, where: str) -> Diagnostic:
    message = f'The upload "{where}" in the data of "{function.id}" can be brought by no form.'
    hint = 'Let a field be an "UploadFile", a list of them, or either of these or None.'
    return _found("PKU885", wiring, function, message, hint)


def _into_field(
    wiring: WiringModel, function: FunctionModel, found: FormSchema
) -> Iterator[Diagnostic]:
    body = str(wiring.meta["body"])
    key = found.keys.get(body)
    if key not in found.raw:
        message = f'The data of "{function.id}" has no field "{body}" that takes a body as it is.'
        hint = 'Let it be "bytes", an "UploadFile" or a "BodyStream".'
        yield _found("PKU886", wiring, function, message, hint, option="body")
    if key in found.streamed:
        yield from _streamed(wiring, function)


def _streamed(wiring: WiringModel, function: FunctionModel) -> Iterator[Diagnostic]:
    if wiring.meta["sse"] or function.kind.is_generator:
        message = f'The body of "{function.id}" cannot be read as a stream while its answer is one.'
        hint = 'Take "bytes" or an "UploadFile" in place of the "BodyStream".'
        yield _found("PKU887", wiring, function, message, hint)


def _structures(
    wiring: WiringModel, function: FunctionModel, data: TypeModel, apart: set[str]
) -> Iterator[Diagnostic]:
    for field in data.fields or ():
        given = {field.name, *field.aliases} & apart
        if field.kind == "other" and field.required and not given:
            message = (
                f'The field "{field.name}" of "{function.id}" is no text, so no form can fill it.'
            )
            hint = "Make it a text, a number or a list of these, or give it a default."
            yield _found("PKU888", wiring, function, message, hint)


def _named(wiring: WiringModel) -> list[str]:
    """The names that path and query string bring."""
    route = parse_route(str(wiring.meta["route"]))
    return [*route.names, *cast("list[str]", wiring.meta["query"])]


def _found(
    code: str,
    wiring: WiringModel,
    function: FunctionModel,
    message: str,
    hint: str,
    *,
    option: str = "",
) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=message,
        location=wiring.place(option) if option else wiring.location,
        hint=hint,
        related=(function.location,),
    )
