"""Codecs: how values of one data type are read, checked and written. Pydantic's by default."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from pikku_core.schema_pydantic import parse_json

__all__ = ["CodecAdapter", "TypeCodec", "codec_for", "parse_json"]


class TypeCodec(Protocol):
    """Reads and writes values of one type. Made once at boot, called on every invocation.

    All readers raise `InvalidDataError` with one `FieldError` per fault. All writers raise `InvalidResultError`.
    """

    @property
    def type(self) -> Any:
        """The type it is for."""
        ...

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]] | None:
        """The fields of a model, dataclass or TypedDict with the aliases each is accepted under; None for other types."""
        ...

    @property
    def read_json(self) -> Callable[[bytes], Any]:
        """The value of a JSON text.

        NaN and Infinity, invalid UTF-8, nesting beyond the parser's limit, and a number too large for the float that it
        is read as, are refused.
        """
        ...

    @property
    def read_value(self) -> Callable[[Any], Any]:
        """The value of a Python object: an exact instance as it is, anything else validated."""
        ...

    def mapping_reader(
        self, *, text: frozenset[str], json: bool
    ) -> Callable[[dict[str, Any]], Any]:
        """A function that reads a merged mapping.

        Args:
            text: The keys whose values are text (a str, or a list of them for repeated ones): converted per field, by
                name or alias, before the type's own validation. A key that is the name of a field which is accepted
                only under an alias is taken for the alias.
            json: Whether the other keys hold values that came from JSON.
        """
        ...

    @property
    def write_json(self) -> Callable[[Any], bytes]:
        """The JSON text of a result.

        An exact instance is written at once, anything else validated first, so that nothing undeclared leaves.
        """
        ...

    @property
    def check_result(self) -> Callable[[Any], Any]:
        """The result as a Python object of the declared type, for callers in the process."""
        ...


CodecAdapter: TypeAlias = Callable[[Any], TypeCodec | None]
"""Makes the codec of a type that it knows, None for any other; what a `SchemaAdapter` plugin declaration names."""


def codec_for(type: Any, adapters: Sequence[CodecAdapter] = ()) -> TypeCodec:
    """The codec of a type: that of the first adapter that knows it, else pydantic's.

    Raises:
        DeclarationError: Nobody can read and write the type.
    """
    for adapter in adapters:
        codec = adapter(type)
        if codec is not None:
            return codec
    from pikku_core.schema_pydantic import PydanticCodec

    return PydanticCodec(type)


def __getattr__(name: str) -> Any:
    # `parse_json` is found here, beside the codecs, and loads pydantic when it is.
    if name == "parse_json":
        from pikku_core.schema_pydantic import parse_json

        return parse_json
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
