"""A plugin whose module raises when it is imported."""

from __future__ import annotations

raise RuntimeError("the host of the plugin is gone")
