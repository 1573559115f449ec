"""What fakes were asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD: Final = "_pikku_calls"
"""The attribute in which a fake keeps its calls."""


class UnexpectedUseError(AssertionError):
    """A fake was asked for something that the test did not give it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a fake.

    Attributes:
        name: `insert_user`; of `rpc` the function's, `acme.send`.
        args, kwargs: As they were given.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any])


def calls(fake: object, name: str | None = None) -> list[Call]:
    """The calls that a fake has had so far, in order.

    ```python
    rpc = fake_rpc(send_welcome=None)
    await create_user(CreateUser(name="Ada"), rpc=rpc)
    assert calls(rpc) == [Call("send_welcome", (Welcome(user_id="1"),))]
    ```

    Args:
        fake: What `stub` or `fake_rpc` made.
        name: Of one function or method only.

    Raises:
        TypeError: It is no fake that keeps its calls.
    """
    kept: list[Call] | None = getattr(fake, "__dict__", {}).get(RECORD)
    if kept is None:
        raise TypeError(
            f'"{type(fake).__name__}" keeps no calls: give one made by "stub" or "fake_rpc".'
        )
    return [call for call in kept if name is None or call.name == name]
