from __future__ import annotations

from pathlib import Path

from pikku_core import define_secret, define_variable

define_variable(
    "database",
    Path,
    key="CONDUIT_DATABASE",
    default=Path("conduit.sqlite"),
    description="The SQLite file; made where there is none.",
)
define_variable(
    "outbox",
    Path,
    key="CONDUIT_OUTBOX",
    default=Path("outbox"),
    description="The folder that mails are written into; made where there is none.",
)
define_secret(
    "signing",
    str,
    key="CONDUIT_SECRET",
    optional=True,
    description="Goes into the key that signs tokens, beside a secret that the database keeps.",
)
