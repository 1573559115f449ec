"""Calling functions by name, through the whole pipeline."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Any, Protocol

from pikku_core.version import split_version

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rpc(Protocol):
    """The wire thing `rpc` in its untyped form; `from pikku_app import Rpc` is the project's typed one.

    `await rpc.send_welcome(data)` and `await rpc.invoke("send_welcome", data)` are the same call; an addon's function
    is `rpc.acme.send(data)` and `rpc.invoke("acme:send", data)`. Session, trace id and the caller's wire things go
    along. Call services that are open are shared with the callee. Of a function that has versions `rpc.create_card` is
    the newest, `rpc.create_card_v1` and `rpc.invoke("create_card@v1")` are that one.

    Raises:
        FunctionNotFoundError: No function has the name.
        RpcDepthError: Calls are nested more deeply than the App allows (32 by default).
    """

    async def invoke(self, name: str, data: Any = None, /) -> Any:
        """Calls the function `name` and returns its result."""
        ...

    def __getattr__(self, name: str, /) -> Any: ...


class SyncRpc(Protocol):
    """The blocking twin of `Rpc` for sync functions: `rpc.send_welcome(data)` returns the result itself."""

    def invoke(self, name: str, data: Any = None, /) -> Any:
        """Calls the function `name`, blocks this thread and returns its result."""
        ...

    def __getattr__(self, name: str, /) -> Any: ...


def attribute_name(function: str) -> str:
    """The attribute of `rpc` by which a function is called: `create-card@v2` is `rpc.create_card_v2`.

    A keyword and what `rpc` has itself get an underscore behind them: `rpc.class_`, `rpc.invoke_`.
    """
    name = function
    if not (function.isascii() and function.isidentifier()):
        name = re.sub(r"\W+", "_", function)
        if not name.isidentifier():
            name = re.sub(r"\W+", "_", function, flags=re.ASCII)
    return f"{name}_" if keyword.iskeyword(name) or name == "invoke" else name


def attribute_chain(function: str) -> str:
    """The attributes of `rpc` that lead to a function: an addon's `acme:send` is `rpc.acme.send`."""
    addon, _, name = function.rpartition(":")
    return f"{addon}.{attribute_name(name)}" if addon else attribute_name(name)


def invoked_names(names: Mapping[str, str]) -> dict[str, str]:
    """The names that `rpc.invoke` takes, with the function that each means.

    They are the ids, and of a function that has versions the id without one, where a chain leads to the newest.

    Args:
        names: The attribute chain of each function under `rpc`, with its id.
    """
    bases = {
        split_version(function)[0]: function
        for chain, function in names.items()
        if chain != attribute_chain(function)
    }
    return {**bases, **{function: function for function in names.values()}}
