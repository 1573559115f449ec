"""Plans: all that one wiring's invocations need, worked out once.

An invocation goes through these steps, on every transport alike:

1. middleware: global, pattern, tags, wiring, function; sorted by priority, each once;
2. the session is resolved: from here on `wire.session` does not change;
3. the auth gate (401), the read-only gate and scopes (403);
4. the data is read and validated, only now (413, 415, 422);
5. permissions (403);
6. call-scoped services are opened;
7. the function runs, its result is validated and written by its return type;
8. call-scoped services are closed, last opened first; an error of 6 and 7 is thrown in at their `yield`.

Middleware is round 2 to 8. `plan.invoke` returns what was written; nothing has been sent to the caller before it returns.

A stream is the exception: 7 sends its items one by one, 8 comes after the last, and `plan.invoke` returns None. An error
before the first item can still be answered like any other; after it the transport cuts the stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pikku_core.runtime.records import FunctionRecord


@dataclass(frozen=True, slots=True)
class Read:
    """How a transport gets the data of a call out of its wire.

    Attributes:
        call: A function of the wire that returns the validated data (or `NO_DATA`); it raises `PikkuError`s.
        is_async: Whether it returns an awaitable.
    """

    call: Callable[[Any], Any]
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What `App.plan` compiles for a wiring.

    Attributes:
        function: The function.
        invoke: Runs one invocation: takes the wire, returns (awaitably) what `write` made of the result.
        direct: Where an invocation needs nothing but the function: a callable that takes the data (nothing where the
            function takes none) and returns, awaitably, the result. The transport then reads and writes by itself and
            makes no wire. None where there is a session, middleware, a permission, a call-scoped service, a wire
            thing, or a thread to think of.
    """

    function: FunctionRecord
    invoke: Callable[[Any], Awaitable[Any]]
    direct: Callable[..., Awaitable[Any]] | None
