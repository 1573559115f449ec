"""Gates: what the session must be for an invocation to go on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pikku_core.errors import MissingScopeError, ReadonlySessionError, UnauthorizedError
from pikku_core.runtime.state import resolve_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pikku_core.wire import Wire


def compile_gate(
    *, resolves: bool, needs_session: bool, readonly: bool, scopes: Iterable[str]
) -> Callable[[Wire], None]:
    """A function that settles the session of a wire and raises where it may not pass.

    Args:
        resolves: Whether middleware may have set the session.
        needs_session: Whether there must be one (401).
        readonly: Whether a read-only one may pass (403).
        scopes: The scopes that it must hold (403; without a session 401).
    """
    required = tuple(dict.fromkeys(scopes))
    needs_session = needs_session or bool(required)

    def gate(wire: Wire) -> None:
        if resolves:
            resolve_session(wire)
        session = wire.session
        if session is None:
            if needs_session:
                raise UnauthorizedError
            return
        if (
            not readonly
            and may_have(session.__class__, "readonly")
            and getattr(session, "readonly", False)
        ):
            raise ReadonlySessionError
        if required:
            require_scopes(session, required)

    return gate


@lru_cache(maxsize=64)
def may_have(session: type[Any], attribute: str) -> bool:
    """Whether sessions of a class may have an attribute.

    Asking a model for one that it does not have costs more than the rest of the gate, hence once per class.
    """
    fields = getattr(session, "__pydantic_fields__", None)
    if fields is None or getattr(session, "model_config", {}).get("extra") == "allow":
        return True
    return attribute in fields or hasattr(session, attribute)


def require_scopes(session: Any, required: Iterable[str]) -> None:
    """Raises `MissingScopeError` for the first scope that a session does not hold.

    Scopes in one string stand between spaces, as in tokens (RFC 6749, 3.3).
    """
    scopes = getattr(session, "scopes", None) or ()
    held = frozenset(scopes.split() if isinstance(scopes, str) else scopes)
    for scope in required:
        if not grants(held, scope):
            raise MissingScopeError(f'This needs the scope "{scope}".', payload={"scope": scope})


def grants(held: frozenset[str], scope: str) -> bool:
    """Whether scopes contain one: by its own id, that of an ancestor, or a wildcard (`*`, `a:*`, also `a:b:*` for `a:b`).

    >>> grants(frozenset({"articles"}), "articles:write")
    True
    """
    if scope in held or "*" in held:
        return True
    words = scope.split(":")
    ancestors = [":".join(words[:count]) for count in range(1, len(words) + 1)]
    return any(ancestor in held or f"{ancestor}:*" in held for ancestor in ancestors)
