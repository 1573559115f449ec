"""The plugin of the MCP transport: installed and listed, it declares nothing yet."""

from __future__ import annotations

pikku_plugin_api = 1
