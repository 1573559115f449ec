from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pikku_core import App, DeclarationError
from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_http import plugin
from pikku_http.http.docs.document import served_document

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

wire_http(method="get", route="/hello", func=hello)
"""
MOVED = '[tool.pikku.outputs]\n"http/openapi.gen.json" = "api/openapi.json"\n'


def app_of(root: Path, settings: str = "") -> App:
    (root / "pyproject.toml").write_text(f'[tool.pikku]\nsource = ["app"]\n{settings}')
    (root / "app").mkdir()
    (root / "app" / "__init__.py").touch()
    (root / "app" / "main.py").write_text(SOURCE)
    registry = registry_of(plugin)
    assert not build(root, settings=load_settings(root, registry), registry=registry).failed
    return App.load(root / ".pikku")


@pytest.mark.parametrize(
    ("docs", "development", "served"),
    [
        ("dev", True, True),
        ("dev", False, False),
        ("always", True, True),
        ("always", False, True),
        ("never", True, False),
        ("never", False, False),
    ],
)
def test_the_setting_says_who_serves_it(
    tmp_path: Path, docs: str, development: bool, served: bool
) -> None:
    found = served_document(app_of(tmp_path), {"docs": docs}, development=development)
    assert (found is not None) is served


def test_a_document_that_was_moved_is_found(tmp_path: Path) -> None:
    found = served_document(app_of(tmp_path, MOVED), {"docs": "always"})
    assert found is not None
    assert found == (tmp_path / "api" / "openapi.json").read_bytes()
    assert "/hello" in json.loads(found)["paths"]


def test_an_app_that_was_put_together_by_hand_has_none() -> None:
    assert served_document(App([]), {"docs": "always"}) is None


def test_a_document_that_is_gone_is_said_at_the_start(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    (tmp_path / ".pikku" / "http" / "openapi.gen.json").unlink()
    with pytest.raises(DeclarationError, match='Run "pikku"'):
        served_document(app, {"docs": "always"})
