"""The configuration."""

from __future__ import annotations

from dataclasses import dataclass

from pikku_core import pikku_config


@dataclass(frozen=True)
class Config:
    """What the application is told."""

    database: str = "cards.sqlite"


@pikku_config
def config() -> Config:
    """The defaults."""
    return Config()
