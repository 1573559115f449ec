from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_http import plugin
from pikku_http.http.codegen import MAP_PATH

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
from pydantic import BaseModel
from pikku_core import pikku_sessionless_func
from pikku_http import wire_http

class UserRef(BaseModel):
    id: int

@pikku_sessionless_func
async def get_user(data: UserRef) -> list[UserRef] | None:
    return None

@pikku_sessionless_func
async def hello():
    return "hello"

wire_http(method="get", route="/users/{id}", func=get_user)
wire_http(method="get", route="/hello", func=hello)
"""

ROWS = """
HttpWiringsMap = TypedDict("HttpWiringsMap", {
    "get /hello": Route[None, Any],
    "get /users/{id}": Route[app.main.UserRef, list[app.main.UserRef] | None],
})
"""


def test_the_map_names_the_types_of_each_route(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "main.py").write_text(SOURCE)
    registry = registry_of(plugin)
    build(tmp_path, settings=load_settings(tmp_path, registry), registry=registry)
    written = (tmp_path / ".pikku" / MAP_PATH).read_text()
    assert written.endswith(ROWS)
    assert "\nimport app.main\n" in written
    compile(written, MAP_PATH, "exec")
