"""`pikku secrets`: which the project needs, and what its environment has of them."""

from __future__ import annotations

from pikku_cli.environment import show_check, show_list
from pikku_cli.shared_options import Json


def check(*, as_json: Json = False) -> None:
    """Show what is missing or malformed, and who needs it; fails if the project would not start."""
    show_check("secrets", as_json=as_json)


def list_(*, as_json: Json = False) -> None:
    """Show every one, where it comes from and who needs it; no value is shown."""
    show_list("secrets", as_json=as_json)
