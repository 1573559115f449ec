"""What may be asked of an upload, in its type: `Annotated[UploadFile, MaxSize(5_000_000), ContentTypes("image/*")]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticCustomError, core_schema

from pikku_core import DeclarationError
from pikku_http.http.bodies.upload import MARK, UploadFile

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]+/(?:\*|[a-z0-9!#$&^_.+-]+)|\*/\*")


@dataclass(frozen=True, slots=True)
class MaxSize:
    """The largest size of an upload, in bytes; a larger one is a 422 as soon as it has come so far.

    Raises:
        DeclarationError: It is less than 1.
    """

    bytes: int

    def __post_init__(self) -> None:
        if self.bytes < 1:
            raise DeclarationError(f'The "MaxSize" of an upload is 1 or more, not {self.bytes}.')

    def check(self, upload: Any) -> Any:
        """Lets what is small enough pass, and what is no upload.

        Raises:
            PydanticCustomError: It is too large.
        """
        if isinstance(upload, UploadFile) and upload.size > self.bytes:
            raise PydanticCustomError(
                "upload_too_large", "The file is larger than {limit} bytes", {"limit": self.bytes}
            )
        return upload

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        document: dict[str, Any] = handler(schema)
        for upload in choices(document):
            upload["maxLength"] = self.bytes
        return document


@dataclass(frozen=True, slots=True, init=False)
class ContentTypes:
    """What an upload may be, by what the client says that it is: nobody looks at the bytes.

    Args:
        types: `image/png`, `image/*`.

    Raises:
        DeclarationError: None is given, or one is no content type in lower case.
    """

    types: tuple[str, ...]

    def __init__(self, *types: str) -> None:
        for one in types:
            if not TYPE.fullmatch(one):
                raise DeclarationError(
                    f'"{one}" in "ContentTypes" is no content type in lower case: write "image/png" or "image/*".'
                )
        if not types:
            raise DeclarationError('"ContentTypes" needs a content type: "image/*".')
        object.__setattr__(self, "types", types)

    def check(self, upload: Any) -> Any:
        """Lets what is of one of the types pass, and what is no upload.

        Raises:
            PydanticCustomError: It is of none.
        """
        if isinstance(upload, UploadFile) and not self.holds(upload.content_type):
            raise PydanticCustomError(
                "upload_content_type",
                "The file must be one of {types}, and is sent as another",
                {"types": ", ".join(self.types)},
            )
        return upload

    def holds(self, content_type: str) -> bool:
        """Whether one of the types is this one."""
        whole = f"{content_type.partition('/')[0]}/*"
        return not {content_type, whole, "*/*"}.isdisjoint(self.types)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        document: dict[str, Any] = handler(schema)
        for upload in choices(document):
            upload[MARK] = list(self.types)
            if len(self.types) == 1 and "*" not in self.types[0]:
                upload["contentMediaType"] = self.types[0]
        return document


def choices(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The uploads of a JSON Schema that is one, or a choice between one and something else."""
    found: list[dict[str, Any]] = [schema, *schema.get("anyOf", ())]
    return [one for one in found if MARK in one]
