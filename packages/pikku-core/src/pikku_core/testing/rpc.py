"""Fakes of the wire thing `rpc`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from pikku_core.rpc import attribute_chain
from pikku_core.testing.answers import answer, answer_async
from pikku_core.testing.record import RECORD, Call, UnexpectedUseError


def fake_rpc(**functions: Any) -> Any:
    """An `rpc` that answers for some functions only.

    ```python
    rpc = fake_rpc(send_welcome=None, acme={"send": lambda mail: mail.id})
    await rpc.send_welcome(Welcome(user_id="1"))
    assert calls(rpc) == [Call("send_welcome", (Welcome(user_id="1"),))]
    ```

    Its type is the project's own `Rpc`, which only its type checker knows: hence `Any`.

    Args:
        functions: For each function, by its attribute of `rpc`, a result, an exception to raise, or a function of the data, sync
            or async. An addon's are a mapping of its own.

    Raises:
        UnexpectedUseError: From a call of any other function.
        TypeError: From a call with more than the data.
    """
    return _Rpc(functions)


def fake_sync_rpc(**functions: Any) -> Any:
    """The same for sync functions: a call returns the result itself."""
    return _SyncRpc(functions)


class _Rpc:
    def __init__(
        self, functions: Mapping[str, Any], prefix: str = "", record: list[Call] | None = None
    ) -> None:
        self.__dict__[RECORD] = [] if record is None else record
        self._functions = functions
        self._prefix = prefix

    def __getattr__(self, name: str, /) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = self._prefix + name
        if name not in self._functions:
            if self._prefix:
                raise _not_given(type(self), full)
            return _Missing(type(self), full)
        given = self._functions[name]
        if isinstance(given, Mapping):
            functions = cast("Mapping[str, Any]", given)
            return type(self)(functions, f"{full}.", self.__dict__[RECORD])

        def call(*data: Any) -> Any:
            if len(data) > 1:
                raise TypeError(
                    f'"{full}" is called with {len(data)} arguments: a function has one at most, its data.'
                )
            self.__dict__[RECORD].append(Call(full, data))
            return self._answer(given, data)

        return call

    def invoke(self, name: str, /, *data: Any) -> Any:
        """Calls a function by its id: `acme:send`, `create_card@v2`."""
        chain = attribute_chain(name)
        addon, _, function = chain.rpartition(".")
        if addon and addon not in self._functions:
            raise _not_given(type(self), chain)
        return getattr(getattr(self, addon) if addon else self, function)(*data)

    def _answer(self, given: Any, data: tuple[Any, ...]) -> Any:
        return answer_async(given, data, {})


class _SyncRpc(_Rpc):
    def _answer(self, given: Any, data: tuple[Any, ...]) -> Any:
        return answer(given, data, {})


class _Missing:
    """A function that was not given, or an addon: which of them shows in how it is used."""

    def __init__(self, kind: type[_Rpc], name: str) -> None:
        self._kind = kind
        self._name = name

    def __call__(self, *_: Any) -> Any:
        raise _not_given(self._kind, self._name)

    def __getattr__(self, name: str, /) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise _not_given(self._kind, f"{self._name}.{name}")


def _not_given(kind: type[_Rpc], name: str) -> UnexpectedUseError:
    addon, _, function = name.rpartition(".")
    argument = f'{addon}={{"{function}": ...}}' if addon else f"{function}=..."
    maker = "fake_sync_rpc" if kind is _SyncRpc else "fake_rpc"
    return UnexpectedUseError(
        f'The test calls "{name}" through "rpc" and has not given it: {maker}({argument}).'
    )
