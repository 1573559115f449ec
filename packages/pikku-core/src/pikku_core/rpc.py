"""Calling functions by name, through the whole pipeline."""

from __future__ import annotations

import keyword
import re
from typing import Any, Protocol


class Rpc(Protocol):
    """The wire thing `rpc` in its untyped form; `from pikku_app import Rpc` is the project's typed one.

    `await rpc.send_welcome(data)` and `await rpc.invoke("send_welcome", data)` are the same call; an addon's function
    is `rpc.acme.send(data)` and `rpc.invoke("acme:send", data)`. Session, trace id and the caller's wire things go
    along. Call services that are open are shared with the callee.

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
    name = re.sub(r"\W+", "_", function)
    if not name.isidentifier():
        name = re.sub(r"\W+", "_", function, flags=re.ASCII)
    return f"{name}_" if keyword.iskeyword(name) or name == "invoke" else name
