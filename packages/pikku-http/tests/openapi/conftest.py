"""The OpenAPI document of a module, as `pikku` makes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.settings import load_settings
from pikku_http import plugin
from pikku_http.http.openapi import PATH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADING = """\
from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pikku_core import pikku_func, pikku_permission, pikku_sessionless_func
from pikku_http import Http, Redirect, http_errors, http_security, wire_http

"""

PROJECT = """\
[project]
name = "shop"
version = "1.2.0"

[tool.pikku]
source = ["app"]
"""


class DocumentOf(Protocol):
    """Makes the document of a module that begins with all imports; it is valid."""

    def __call__(
        self, source: str, *, project: str = PROJECT, files: Mapping[str, str] | None = None
    ) -> Any: ...


@pytest.fixture
def document_of(tmp_path: Path) -> DocumentOf:
    def make(source: str, *, project: str = PROJECT, files: Mapping[str, str] | None = None) -> Any:
        (tmp_path / "pyproject.toml").write_text(project)
        (tmp_path / "app").mkdir(exist_ok=True)
        (tmp_path / "app" / "__init__.py").touch()
        (tmp_path / "app" / "main.py").write_text(HEADING + source)
        for name, text in (files or {}).items():
            (tmp_path / "app" / f"{name}.py").write_text(text)
        registry = registry_of(plugin)
        result = build(tmp_path, settings=load_settings(tmp_path, registry), registry=registry)
        assert not result.failed, "\n".join(str(one) for one in result.diagnostics)
        document = json.loads((tmp_path / ".pikku" / PATH).read_text())
        OpenAPIV31SpecValidator(document).validate()
        return document

    return make
