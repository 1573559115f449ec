"""Which services still have to be started where some exist already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pikku_core.runtime.records import ServiceRecord


def still_required(
    required: Iterable[str],
    records: Mapping[str, ServiceRecord],
    *,
    asked: Collection[str],
    given: Collection[str],
) -> list[str]:
    """The required services without those that only given ones would have asked for.

    Args:
        required: What something needs, and what that asks for in turn.
        records: All services, by id.
        asked: What functions, middleware and permissions ask for.
        given: Services that exist already.
    """
    required = list(required)
    asks = {each: set(records[each].needs.parameters.values()) for each in required}
    inner = {provider for each in required for provider in asks[each]}
    # What no service asks for and nothing that is known here is required for a reason of its own.
    pending = [each for each in required if each in asked or each not in inner]
    kept: set[str] = set()
    while pending:
        service = pending.pop()
        if service in asks and service not in kept:
            kept.add(service)
            if service not in given:
                pending += asks[service]
    return [each for each in required if each in kept]
