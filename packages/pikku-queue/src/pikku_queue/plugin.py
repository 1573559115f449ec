"""The plugin of the queue transport: installed and listed, it declares nothing yet."""

from __future__ import annotations

pikku_plugin_api = 1
