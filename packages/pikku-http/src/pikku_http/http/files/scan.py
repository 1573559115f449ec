"""From call sites to declarations of folders of files: `http_static`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_http.http.files.static import REVALIDATE, static_problem
from pikku_http.http.mounts.scan import answering
from pikku_http.http.route import mount_prefix_problem

if TYPE_CHECKING:
    from pikku_core.plugin import CallSite, Json
    from pikku_http.http.scan import Found


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
    return diagnostics or [answering(site, f"http:static:{prefix}", meta)]
