"""Codecs: how values of one data type are read, checked and written. Pydantic's by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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

    def read_json(self, text: bytes, /) -> Any:
        """The value of a JSON text. NaN and Infinity, invalid UTF-8 and nesting beyond the parser's limit are refused."""
        ...

    def read_value(self, value: Any, /) -> Any:
        """The value of a Python object: an exact instance as it is, anything else validated."""
        ...

    def mapping_reader(
        self, *, text: frozenset[str], json: bool
    ) -> Callable[[dict[str, Any]], Any]:
        """A function that reads a merged mapping.

        Args:
            text: The keys whose values are text (a str, or a list of them for repeated ones): converted per field, by
                name or alias, before the type's own validation.
            json: Whether the other keys hold values that came from JSON.
        """
        ...

    def write_json(self, value: Any, /) -> bytes:
        """The JSON text of a result. An exact instance is written at once, anything else validated first, so that nothing undeclared leaves."""
        ...

    def check_result(self, value: Any, /) -> Any:
        """The result as a Python object of the declared type, for callers in the process."""
        ...
