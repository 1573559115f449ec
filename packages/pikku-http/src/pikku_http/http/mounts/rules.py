"""The scan rules of what is mounted, of folders of files, and of checks of readiness."""

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

MOUNT_RULES: Final = (
    ScanRule(
        name="http.mounts",
        kind="http",
        calls=dict.fromkeys(
            ("pikku_http.http_mount", "pikku_http.http.mounts.mount.http_mount"),
            ("prefix", "app", "*", "factory", "websockets", "tags"),
        ),
        read="pikku_http.http.mounts.scan:read_mount",
    ),
    ScanRule(
        name="http.static",
        kind="http",
        calls=dict.fromkeys(
            ("pikku_http.http_static", "pikku_http.http.files.static.http_static"),
            ("prefix", "*", "directory", *_FOLDER),
        ),
        read="pikku_http.http.mounts.scan:read_static",
    ),
    ScanRule(
        name="http.readiness",
        kind="http",
        calls=dict.fromkeys(
            ("pikku_http.http_readiness", "pikku_http.http.mounts.readiness.http_readiness"),
            ("service", "check", "*", "timeout"),
        ),
        read="pikku_http.http.mounts.scan:read_readiness",
    ),
)
