# Before the first run of `pikku` everything generated is Any to type checkers.

from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias

Config: TypeAlias = Any
Rpc: TypeAlias = Any
SyncRpc: TypeAlias = Any
Secrets: TypeAlias = Any
Services: TypeAlias = Any
Session: TypeAlias = Any
Variables: TypeAlias = Any

directory: Final[Path]

def use(folder: str | PathLike[str]) -> Path: ...
def __getattr__(name: str) -> Any: ...  # pyright: ignore[reportIncompleteStub] -- plugins add types
