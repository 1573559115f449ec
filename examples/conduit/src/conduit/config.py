from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pikku_core import Variables, pikku_config


class Config(BaseModel):
    """What the environment decides.

    Attributes:
        database: The SQLite file; made where there is none.
        secret: Mixed into the key that signs tokens. Without one the key comes from the database alone.
    """

    model_config = ConfigDict(frozen=True)

    database: Path = Path("conduit.sqlite")
    secret: str = ""


@pikku_config
def config(*, variables: Variables) -> Config:
    return Config(
        database=Path(variables.get("CONDUIT_DATABASE") or "conduit.sqlite"),
        secret=variables.get("CONDUIT_SECRET", ""),
    )
