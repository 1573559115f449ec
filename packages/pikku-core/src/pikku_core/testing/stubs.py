"""Stubs: objects that have exactly the members that a test gives them."""

from __future__ import annotations

import dis
import inspect
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pikku_core.nearest import nearest_name
from pikku_core.testing.answers import answer, answer_async
from pikku_core.testing.record import RECORD, Call, UnexpectedUseError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MISSING: Final = object()


def stub(of: Callable[..., T], /, **members: Any) -> T:
    """An object that passes for one of a class and has only the members that are given.

    ```python
    database = stub(Database, insert_user=User(id="1", name="Ada"))
    await create_user(CreateUser(name="Ada"), database=database)
    assert calls(database) == [Call("insert_user", ("Ada",))]
    ```

    A method is called as the class declares it (an async one is awaited); arguments that it would not take are a `TypeError`.
    Methods that a statement calls, such as `__aenter__`, can be given too.

    Args:
        of: The class, which may be a protocol or abstract. It is not instantiated.
        members: For each method a result, an exception to raise, or a function of its arguments, sync or async; for any other
            attribute its value.

    Raises:
        AttributeError: The class has no member of that name.
        UnexpectedUseError: From the use of any other member; `calls` says what was used.
    """
    assert isinstance(of, type), f'a class is stubbed, and "{of}" is none'
    for name in members:
        if declared(of, name) is MISSING:
            near = nearest_name(name, sorted(set(dir(of)) | attributes_of(of)))
            hint = f' Is it "{near}"?' if near else ""
            raise AttributeError(f'"{of.__name__}" has no "{name}" to be stubbed.{hint}')
    special: dict[str, Any] = {
        name: special_method(name) for name in members if name.startswith("__")
    }
    # As a mock with a "spec" does it: `isinstance` believes what an object says of itself.
    special["__class__"] = property(lambda _: of)
    made: Stub = type(f"Stub{of.__name__}", (Stub,), special)(of, members)
    return cast("T", made)


class Stub:
    """What `stub` makes."""

    def __init__(self, of: type, members: dict[str, Any]) -> None:
        record: list[Call] = []
        vars(self).update({RECORD: record, "_of": of, "_members": members})

    def __repr__(self) -> str:
        return f"<stub of {vars(self)['_of'].__name__}>"

    def __getattr__(self, name: str) -> Any:
        if "_of" not in vars(self):  # a copy that is being made
            raise AttributeError(name)
        of, members = vars(self)["_of"], vars(self)["_members"]
        if name in members:
            return member(self, name)
        if declared(of, name) is MISSING:
            raise AttributeError(f'"{of.__name__}" has no "{name}".')
        if name.startswith("__"):
            raise AttributeError(name)
        raise UnexpectedUseError(
            f'"{of.__name__}.{name}" is used and the test has not given it: stub({of.__name__}, {name}=...).'
        )

    def __setattr__(self, name: str, value: object) -> None:
        of = vars(self)["_of"]
        raise UnexpectedUseError(f'"{of.__name__}.{name}" of a stub is set.')


def member(stub: Stub, name: str) -> Any:
    """A member of a stub: a method that records its calls, or the value that was given."""
    of, given = vars(stub)["_of"], vars(stub)["_members"][name]
    real: Any = declared(of, name)
    if not callable(real):
        return given
    signature = signature_of(real)
    is_static = isinstance(inspect.getattr_static(of, name), (staticmethod, classmethod))
    record: list[Call] = vars(stub)[RECORD]

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if signature is not None:
            signature.bind(*args, **kwargs) if is_static else signature.bind(stub, *args, **kwargs)
        record.append(Call(name, args, kwargs))

    def call(*args: Any, **kwargs: Any) -> Any:
        begin(args, kwargs)
        return answer(given, args, kwargs)

    async def call_async(*args: Any, **kwargs: Any) -> Any:
        begin(args, kwargs)
        return await answer_async(given, args, kwargs)

    return call_async if inspect.iscoroutinefunction(real) else call


def special_method(name: str) -> Callable[..., Any]:
    """A method that a statement looks up in the class."""

    def call(self: Stub, *args: Any) -> Any:
        return member(self, name)(*args)

    return call


def declared(of: type, name: str) -> Any:
    """What a class declares under a name; `MISSING` where it declares nothing."""
    found: Any = inspect.getattr_static(of, name, MISSING)
    if isinstance(found, (staticmethod, classmethod)):
        return getattr(of, name)
    if found is MISSING and name in attributes_of(of):
        return None
    return None if isinstance(found, property) else found


def attributes_of(of: type) -> set[str]:
    """The attributes that a class and those above it annotate, or set when an object of them is made."""
    found: set[str] = set()
    for each in of.__mro__:
        found |= vars(each).get("__annotations__", {}).keys()
        code = getattr(vars(each).get("__init__"), "__code__", None)
        if code is not None:
            found |= {
                one.argval for one in dis.get_instructions(code) if one.opname == "STORE_ATTR"
            }
    return found


def signature_of(method: Callable[..., Any]) -> inspect.Signature | None:
    """What a method takes; None for one written in C that does not say."""
    try:
        return inspect.signature(method)
    except ValueError:
        return None
