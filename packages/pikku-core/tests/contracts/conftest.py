"""Projects with types, as a run of `pikku` knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pikku_core.plugin.model import Project

HEAD = """\
from __future__ import annotations
from collections.abc import AsyncIterator
from pikku_core import Rpc, pikku_middleware, pikku_sessionless_func
from pydantic import BaseModel
"""


@pytest.fixture
def project_of(tmp_path: Path) -> Callable[[str], Project]:
    """Makes a project of one module, whose first line is line 5."""

    def make(text: str) -> Project:
        (tmp_path / "app").mkdir(exist_ok=True)
        (tmp_path / "app/main.py").write_text(HEAD + text)
        settings = Settings(root=tmp_path, source=("app",))
        result = build(tmp_path, settings=settings, registry=registry_of(), write=False)
        assert not result.failed, [str(one) for one in result.diagnostics]
        return result.project

    return make
