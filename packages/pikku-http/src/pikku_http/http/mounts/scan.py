"""From call sites to declarations: `http_mount`, `http_static`, `http_readiness`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pikku_core.plugin.expression import Constant
from pikku_http.http.files.static import REVALIDATE, static_problem
from pikku_http.http.mounts.mount import mount_prefix_problem
from pikku_http.http.mounts.readiness import TIMEOUT, readiness_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin import CallSite, DeclarationModel, Json
    from pikku_http.http.scan import Found


def read_mount(site: CallSite) -> Found:
    """Reads an `http_mount` call."""
    prefix = site.literal("prefix", str)
    problem = mount_prefix_problem(prefix)
    if problem:
        return [site.diagnostic("PKU910", problem)]
    if "app" not in site.arguments:
        return [site.diagnostic("PKU911", 'The call of "http_mount" names no application.')]
    meta: dict[str, Json] = {
        "type": "mount",
        "prefix": prefix,
        "is_factory": site.literal("factory", bool, default=False),
        "websockets": site.literal("websockets", bool, default=False),
    }
    return [_answering(site, f"http:mount:{prefix}", meta)]


def read_static(site: CallSite) -> Found:
    """Reads an `http_static` call."""
    prefix = site.literal("prefix", str)
    directory = site.literal("directory", str)
    fallback = site.literal("fallback", str, "")
    cache_control = site.literal("cache_control", str, REVALIDATE)
    problems = [
        ("PKU910", mount_prefix_problem(prefix)),
        ("PKU913", static_problem(directory, fallback, cache_control)),
    ]
    diagnostics = [site.diagnostic(code, message) for code, message in problems if message]
    meta: dict[str, Json] = {
        "type": "static",
        "prefix": prefix,
        "directory": directory,
        "index": site.literal("index", bool, default=False),
        "fallback": fallback,
        "cache_control": cache_control,
        "precompressed": site.literal("precompressed", bool, default=False),
        "follow_symlinks": site.literal("follow_symlinks", bool, default=False),
    }
    return diagnostics or [_answering(site, f"http:static:{prefix}", meta)]


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


def _answering(site: CallSite, identity: str, meta: Mapping[str, Json]) -> DeclarationModel:
    declared = site.declaration(kind="http", id=identity, meta=meta)
    return replace(declared, answers=True, tags=site.literals("tags"))
