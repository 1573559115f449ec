"""A plugin that takes its time to be imported."""

from __future__ import annotations

import time

pikku_plugin_api = 1

time.sleep(0.5)
