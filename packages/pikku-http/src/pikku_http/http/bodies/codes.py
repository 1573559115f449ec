"""The diagnostics of bodies: uploads, forms, bytes."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_IMPORTS = """\
from pydantic import BaseModel
from pikku_core import pikku_sessionless_func
from pikku_http import BodyStream, UploadFile, wire_http

"""

_PHOTO = (
    _IMPORTS
    + """\
class Photo(BaseModel):
    name: str
    file: UploadFile

@pikku_sessionless_func
async def save(data: Photo) -> int:
    return data.file.size

"""
)

_NOTE = (
    _IMPORTS
    + """\
class Note(BaseModel):
    text: str

@pikku_sessionless_func
async def write(data: Note) -> str:
    return data.text

"""
)

_SHOUT = (
    "from collections.abc import AsyncIterator\n"
    + _IMPORTS
    + """\
@pikku_sessionless_func
async def shout(data: BodyStream) -> AsyncIterator[bytes]:
    async for piece in data:
        yield piece.upper()

"""
)

_ORDER = (
    _IMPORTS
    + """\
class Address(BaseModel):
    city: str

class Order(BaseModel):
    item: str
    address: Address

@pikku_sessionless_func
async def order(data: Order) -> str:
    return data.item

"""
)

BODY_CODES: Final = (
    DiagnosticCode(
        code="PKU885",
        title="An upload stands where no form can bring it",
        explanation=(
            "An upload is a field of the data itself: `UploadFile`, a list of them, or either of these or None. It comes "
            "from a body, so the method must have one, and neither path nor query string can name it."
        ),
        example=_PHOTO + 'wire_http(method="get", route="/photos", func=save)\n',
        mended=_PHOTO + 'wire_http(method="post", route="/photos", func=save)\n',
    ),
    DiagnosticCode(
        code="PKU886",
        title="form= or body= says something that is not done",
        explanation=(
            "`form=True` lets forms fill the fields of data that otherwise comes as JSON; data with an upload comes from "
            "forms in any case. `body=` names a field that is `bytes`, an `UploadFile` or a `BodyStream`. Both need a "
            "method with a body, and data with fields."
        ),
        example=_NOTE + 'wire_http(method="get", route="/notes", func=write, form=True)\n',
        mended=_NOTE + 'wire_http(method="post", route="/notes", func=write, form=True)\n',
    ),
    DiagnosticCode(
        code="PKU887",
        title="A body is read as a stream while the answer is one",
        explanation=(
            "Clients send all of a body before they read an answer, so a stream begins when its request has arrived. "
            "`bytes` keeps the body in memory, an `UploadFile` beyond some size on disk."
        ),
        example=_SHOUT + 'wire_http(method="post", route="/shout", func=shout)\n',
        mended=_SHOUT.replace("data: BodyStream", "data: UploadFile").replace(
            "in data:", "in data.chunks():"
        )
        + 'wire_http(method="post", route="/shout", func=shout)\n',
    ),
    DiagnosticCode(
        code="PKU888",
        title="A field that no form can fill",
        explanation=(
            "The fields of a form are texts. What is made of them are texts, numbers, dates and the like, or lists of "
            "these; never a model in the model."
        ),
        example=_ORDER + 'wire_http(method="post", route="/orders", func=order, form=True)\n',
        mended=_ORDER.replace("address: Address", "address: Address | None = None")
        + 'wire_http(method="post", route="/orders", func=order, form=True)\n',
    ),
    DiagnosticCode(
        code="PKU889",
        title="max_body= limits nothing",
        explanation="A limit is a number of bytes, 1 or more, on a route that reads a body.",
        example=_NOTE + 'wire_http(method="post", route="/notes", func=write, max_body=0)\n',
        mended=_NOTE + 'wire_http(method="post", route="/notes", func=write, max_body=1000)\n',
    ),
)
