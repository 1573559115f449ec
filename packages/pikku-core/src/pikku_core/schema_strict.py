"""Serializers that refuse a value which does not fit its type, rather than warn and write it all the same.

Pydantic does that for `warnings="error"`, and takes longer to read the word than to write a small model (1.2 of 1.6
microseconds). By default it calls `warnings.warn`, on account of the module that called it: this one, whose
`__warningregistry__` is nothing that a warning could be noted in, so that each raises a TypeError whatever filters are
set. Whether that holds is tried once, and that nobody has put another registry there at each call; where it does not,
the word is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticSerializationError, SchemaSerializer, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

NO_REGISTRY: Final[tuple[()]] = ()

# Empty, because unittest gives every module that has a true one a new dict.
__warningregistry__: tuple[()] = NO_REGISTRY


def quick_serializer(
    to_json: Callable[..., bytes], refuse: Callable[[Any], bytes]
) -> Callable[[Any], bytes]:
    """Writes values as JSON, by alias.

    Args:
        to_json: The method of a pydantic serializer.
        refuse: Is called with a value that does not fit, or whose own serializers warn on account of their caller; it
            must stand in another module.
    """

    def write(value: Any) -> bytes:
        if __warningregistry__ is NO_REGISTRY:
            try:
                return to_json(value, by_alias=True)
            except (TypeError, PydanticSerializationError):
                pass
        return refuse(value)

    return write if WARNINGS_RAISE else refuse


def _warnings_raise() -> bool:
    try:
        SchemaSerializer(core_schema.int_schema()).to_json("no number")
    except TypeError:
        return True
    except Warning:
        pass
    return False


WARNINGS_RAISE: Final = _warnings_raise()
"""Whether a warning on account of this module raises a TypeError."""
