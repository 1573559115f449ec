"""From call sites to declarations of what answers below a prefix: `http_mount`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pikku_http.http.route import mount_prefix_problem

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
    return [answering(site, f"http:mount:{prefix}", meta)]


def answering(site: CallSite, identity: str, meta: Mapping[str, Json]) -> DeclarationModel:
    """The declaration of what answers everything below a prefix."""
    declared = site.declaration(kind="http", id=identity, meta=meta)
    return replace(declared, answers=True, tags=site.literals("tags"))
