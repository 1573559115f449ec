"""The scan rule of what is mounted."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import ScanRule

MOUNT_RULE: Final = ScanRule(
    name="http.mounts",
    kind="http",
    calls=dict.fromkeys(
        ("pikku_http.http_mount", "pikku_http.http.mounts.mount.http_mount"),
        ("prefix", "app", "*", "factory", "websockets", "tags"),
    ),
    read="pikku_http.http.mounts.scan:read_mount",
)
