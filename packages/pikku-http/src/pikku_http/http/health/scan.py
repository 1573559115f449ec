"""From call sites to declarations of checks of readiness: `http_readiness`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Constant
from pikku_http.http.health.readiness import TIMEOUT, readiness_problem

if TYPE_CHECKING:
    from pikku_core.plugin import CallSite, Json
    from pikku_http.http.scan import Found


def read_readiness(site: CallSite) -> Found:
    """Reads an `http_readiness` call."""
    service = site.literal("service", str)
    given = site.arguments.get("timeout")
    is_whole = isinstance(given, Constant) and isinstance(given.value, int)
    timeout = site.literal("timeout", int if is_whole else float, TIMEOUT)
    problem = readiness_problem(service, timeout)
    if problem:
        return [site.diagnostic("PKU915", problem)]
    if "check" not in site.arguments:
        return [site.diagnostic("PKU915", f'The check of "{service}" names no function.')]
    meta: dict[str, Json] = {"type": "readiness", "service": service, "timeout": timeout}
    declared = site.declaration(kind="http", id=f"http:readiness:{service}", meta=meta)
    return [replace(declared, service=service)]
