"""What the environment decides."""

from __future__ import annotations

from pathlib import Path

from pikku_core import define_secret, define_variable

define_variable("outbox", Path, default=Path("outbox"), description="Where messages go.")
define_secret("signature", str, optional=True, description="Stands below every message.")
