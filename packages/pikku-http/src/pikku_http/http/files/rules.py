"""The scan rule of folders of files."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import ScanRule

_FOLDER: Final = (
    "index",
    "fallback",
    "cache_control",
    "precompressed",
    "follow_symlinks",
    "tags",
)

STATIC_RULE: Final = ScanRule(
    name="http.static",
    kind="http",
    calls=dict.fromkeys(
        ("pikku_http.http_static", "pikku_http.http.files.static.http_static"),
        ("prefix", "*", "directory", *_FOLDER),
    ),
    read="pikku_http.http.files.scan:read_static",
)
