"""How often callers may call: `rate_limit`."""

from __future__ import annotations

import re
from inspect import iscoroutinefunction
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal

from pikku_core import (
    DeclarationError,
    Middleware,
    Next,
    ServiceUnavailableError,
    Sessions,
    TooManyRequestsError,
    Wire,
    pikku_middleware,
)
from pikku_core.services import RateLimit
from pikku_http.http.rate_limit_key import CountBy, by_client

if TYPE_CHECKING:
    from collections.abc import Container

    from pikku_core.services import RateLimitState, RateLimitStore
    from pikku_http.http.http import Http

NAME: Final = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
"""What a name may consist of, so that it can stand in quotes (RFC 9651, 3.3.3)."""

OUTAGES: Final = ("allow", "refuse")


def rate_limit(
    limit: str,
    *,
    by: CountBy = by_client,
    name: str = "default",
    cost: int = 1,
    outage: Literal["allow", "refuse"] = "allow",
) -> Middleware:
    """Middleware that lets callers call so often, and ends further calls with 429.

    ```python
    http_middleware("*", [rate_limit("100/minute")])
    wire_http(
        method="post", route="/login", func=login, middleware=[rate_limit("5/minute", name="login")]
    )
    ```

    The service `rate_limit_store` counts; a project that declares none has one that counts in its process. Answers say
    what is left in `RateLimit-Policy` and `RateLimit`, unless a stream has begun, and a 429 in `Retry-After` when to come back
    (draft-ietf-httpapi-ratelimit-headers-11). A call that this limit has let in calls others by `rpc` without being counted
    again. What ends before, in middleware further out, is not counted.

    Args:
        limit: `100/minute`, `5/10 seconds`: of no minute more than 100 calls are let in, wherever it begins.
        by: Whose calls are counted together: `by_client`, `by_session("user_id")`, `by_header("x-api-key")`, or a plain
            function of the request and the session. Calls for which it returns None are not limited.
        name: What is counted together: limits of one name, limit and caller share one count, in whatever processes.
        cost: How much of the limit a call takes.
        outage: What happens to calls while the store cannot count: they are let in, or end with 503.

    Raises:
        DeclarationError: The limit is none, the cost is not within it, the name cannot stand in a header, or `by` is async.
    """
    policy = policy_of(limit, name, cost)
    if iscoroutinefunction(by):
        raise DeclarationError(
            f'"rate_limit" was given the async function "{by.__qualname__}": make it a plain one, of what the request and '
            "the session say."
        )
    if outage not in OUTAGES:
        raise DeclarationError(
            f'The "outage" of "rate_limit" is "{outage}": write "allow" or "refuse".'
        )
    prefix = f"{name}:{policy.limit}/{policy.window}:"
    described = f'"{name}";q={policy.limit};w={policy.window}'
    counted = set[int]()

    @pikku_middleware
    async def limited(
        next: Next,
        *,
        rate_limit_store: RateLimitStore,
        sessions: Sessions[Any],
        wire: Wire,
        http: Http | None = None,
    ) -> Any:
        key = checked_key(by(http, sessions.current))
        if key is None or is_within(wire, counted):
            return await next()
        try:
            state = await rate_limit_store.take(f"{prefix}{key}", policy, cost)
        except ServiceUnavailableError:
            if outage == "refuse":
                raise
            return await next()
        if http is not None and not http.sent:
            show(state, name, described, http)
        if not state.allowed:
            raise refusal(state, name)
        counted.add(id(wire))
        try:
            return await next()
        finally:
            counted.discard(id(wire))

    return limited


def policy_of(limit: str, name: str, cost: int) -> RateLimit:
    """The limit that the options of `rate_limit` say.

    Raises:
        DeclarationError: They say none.
    """
    try:
        policy = RateLimit.parse(limit)
    except ValueError as error:
        raise DeclarationError(str(error)) from None
    if not 1 <= cost <= policy.limit:
        raise DeclarationError(
            f'The "cost" of the limit "{limit}" is {cost}: 1 to {policy.limit}, or no call would ever be let in.'
        )
    if not NAME.fullmatch(name):
        raise DeclarationError(
            f'The name {name!r} of a limit cannot stand in quotes in a header: write a word such as "login".'
        )
    return policy


def is_within(wire: Wire, counted: Container[int]) -> bool:
    """Whether an invocation, or one that led to it, is among those that were let in."""
    each: Wire | None = wire
    while each is not None:
        if id(each) in counted:
            return True
        each = each.origin
    return False


def checked_key(key: Any) -> str | None:
    """What `by` made, which must be a text or None.

    Raises:
        DeclarationError: It is something else, such as a coroutine, under which everybody would be counted apart.
    """
    if key is None or isinstance(key, str):
        return key
    raise DeclarationError(
        f'What "by" of "rate_limit" makes is of the type "{type(key).__name__}": return a text, or None.'
    )


def show(state: RateLimitState, name: str, described: str, http: Http) -> None:
    """Says in the headers of the answer what is left; several limits are a list, over several fields."""
    http.add_header("ratelimit-policy", described)
    http.add_header("ratelimit", f'"{name}";r={state.remaining};t={ceil(state.reset_after)}')


def refusal(state: RateLimitState, name: str) -> TooManyRequestsError:
    """The error of a call too many."""
    seconds = max(1, ceil(state.retry_after))
    return TooManyRequestsError(
        payload={"limit": name, "retry_after": seconds}, retry_after=seconds
    )
