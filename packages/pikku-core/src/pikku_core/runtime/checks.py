"""Permissions, compiled: an AND of groups, each an OR of ANDs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.errors import DeclarationError, ForbiddenError
from pikku_core.runtime.lane import LaneRunner
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.permissions import Permission, PermissionGroup
    from pikku_core.runtime.arguments import Give


@dataclass(frozen=True, slots=True)
class Check:
    """One permission, ready to be asked."""

    call: Callable[..., Any]
    give: Give
    takes_data: bool
    is_sync: bool

    async def passes(self, wire: Wire, data: Any, lane: LaneRunner | None) -> bool:
        """Whether the call may go on. A sync permission runs in the lane where there is one, else right here."""
        arguments = self.give(wire)
        positional = (data,) if self.takes_data else ()
        if lane is not None and self.is_sync:
            verdict = await lane.run(lambda: self.call(*positional, **arguments))
        else:
            verdict = self.call(*positional, **arguments)
        # A sync wrapper round an async permission gives an awaitable, which must not count as true.
        return bool(await verdict if isawaitable(verdict) else verdict)


Alternatives: TypeAlias = tuple[tuple[Check, ...], ...]
RequirePermission: TypeAlias = Callable[[Wire, Any, LaneRunner | None], Awaitable[None]]


def compile_permissions(
    groups: Sequence[PermissionGroup], compile_check: Callable[[Permission], Check]
) -> RequirePermission | None:
    """A function that raises `ForbiddenError` unless every group passes; None where nothing is asked.

    An error that a permission raises passes through, and no alternative is tried after it.
    """
    compiled = [alternatives(group, compile_check) for group in groups]
    asked = [group for group in compiled if group]
    if not asked:
        return None

    async def require(wire: Wire, data: Any, lane: LaneRunner | None) -> None:
        for group in asked:
            for checks in group:
                if await all_pass(checks, wire, data, lane):
                    break
            else:
                raise ForbiddenError

    return require


async def all_pass(
    checks: tuple[Check, ...], wire: Wire, data: Any, lane: LaneRunner | None
) -> bool:
    """Whether every permission passes; those after the first that does not are not asked."""
    for check in checks:
        if not await check.passes(wire, data, lane):
            return False
    return True


def alternatives(
    group: PermissionGroup, compile_check: Callable[[Permission], Check]
) -> Alternatives:
    """The alternatives of a group, in order; empty for an empty group."""
    if not isinstance(group, Mapping):
        return (tuple(compile_check(each) for each in group),) if group else ()
    compiled: list[tuple[Check, ...]] = []
    for key, value in group.items():
        checks = (value,) if callable(value) else tuple(value)
        if not checks:
            raise DeclarationError(
                f'The permission "{key}" is an empty list, which would let everybody pass: leave the key out.'
            )
        compiled.append(tuple(compile_check(each) for each in checks))
    return tuple(compiled)
