"""Layers as the scan reads them, and as they are written out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core import App
from pikku_core.build import build
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.settings import load_settings
from pikku_http import HttpCompression, HttpCors, HttpHeaders, plugin
from pikku_http.http.layers.checks import layers

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.registry import Registry
    from pikku_core.settings import Settings

SOURCE = """
from pikku_core import define_variable, pikku_sessionless_func
from pikku_http import http_compression, http_cors, http_headers, wire_http

ORIGINS = ["https://app.example"]
define_variable("web_origins", list[str], default=["https://web.example"])

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

wire_http(method="get", route="/hello", func=hello)
wire_http(method="get", route="/other", func=hello)
"""


def write(root: Path, declared: str) -> tuple[Registry, Settings]:
    """Writes the source of a project."""
    (root / "pyproject.toml").write_text('[tool.pikku]\nsource = ["app"]\n')
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "__init__.py").touch()
    (root / "app" / "main.py").write_text(SOURCE + declared)
    registry = registry_of(plugin)
    return registry, load_settings(root, registry)


def generate(root: Path, declared: str, **filters: tuple[str, ...]) -> None:
    """Generates a project, or the part of it that filters choose."""
    registry, settings = write(root, declared)
    named = {flag.replace("_", "-"): patterns for flag, patterns in filters.items()}
    result = build(root, settings=settings, registry=registry, filters=named)
    assert [str(one) for one in result.diagnostics] == []


def declared_in(root: Path) -> list[object]:
    handles = App.load(root / ".pikku").declarations("http")
    return [handle.load() for handle in handles]


def test_what_is_declared_is_written_out_again(tmp_path: Path) -> None:
    source = (
        'http_cors("/h*", origins=ORIGINS, origins_from="web_origins", methods=["get"], headers=["x-key"],\n'
        '    expose=["x-total"], credentials=True, max_age=0, private_network=True)\n'
        'http_headers("/h*", frame_options=None, referrer_policy="same-origin", more={"x-a": "1"})\n'
        'http_compression("/h*", minimum=10, level="fast", types=["text/*"])\n'
    )
    generate(tmp_path, source)
    cors, headers, compression = declared_in(tmp_path)
    assert isinstance(cors, HttpCors)
    assert isinstance(headers, HttpHeaders)
    assert isinstance(compression, HttpCompression)
    assert cors.origins == ("https://app.example",)
    assert (cors.methods, cors.max_age, cors.private_network) == (("get",), 0, True)
    assert dict(headers.headers)["x-a"] == "1"
    assert (compression.minimum, compression.level) == (10, "fast")


def test_all_is_left_to_the_defaults(tmp_path: Path) -> None:
    source = 'http_cors(origins=["*"], methods=None)\nhttp_headers(more=None)\nhttp_compression()\n'
    generate(tmp_path, source)
    assert len(declared_in(tmp_path)) == 3


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("http_cors()", "PKU895: "),
        ('http_cors(origins="https://app.example")', "PKU247: "),
        ('http_cors(origins=["app.example"])', 'PKU895: "app.example" is no origin'),
        ('http_cors(origins=["null"], credentials=True)', "PKU895: "),
        ('http_cors(origins=["*"], max_age="1h")', "PKU124: "),
        ('http_cors("api", origins=["*"])', "PKU745: "),
        (
            'http_cors(origins_from="web_orgins")',
            'PKU951: "http:cors:*" reads "variables.web_orgins"',
        ),
        ('http_headers(frame_options="a\\nb")', "PKU896: "),
        ('http_headers(more={"vary": "origin"})', "PKU896: "),
        ('http_headers(more={"x-a": ORIGINS})', 'PKU896: The option "more" must be a mapping'),
        ('http_headers(more=[("x-a", "1")])', 'PKU896: The option "more" must be a mapping'),
        ('http_compression(level="best")', "PKU897: "),
        ("http_compression(minimum=True)", "PKU124: "),
        ("http_compression()\nhttp_compression()", 'PKU898: The pattern "*" has two'),
        ('http_compression()\nhttp_compression(pattern="*")', "PKU898: "),
        ("http_compression()\nhttp_headers()", ""),
    ],
)
def test_what_cannot_be_honoured_is_a_diagnostic(
    tmp_path: Path, declared: str, message: str
) -> None:
    registry, settings = write(tmp_path, declared + "\n")
    project = scan(tmp_path, settings, registry)
    diagnostics = [*project.diagnostics, *layers(project)]
    found = [f"{one.code}: {one.message}" for one in diagnostics]
    assert len(found) == (1 if message else 0)
    assert all(one.startswith(message) for one in found)


async def test_a_variable_says_which_declaration_reads_it(tmp_path: Path) -> None:
    generate(tmp_path, 'http_cors("/hello", origins_from="web_origins")\n')
    (resolved,), _ = await App.load(tmp_path / ".pikku").environment.examine(["variables"])
    assert resolved.record.users == ['"http:cors:/hello"']


def test_a_layer_and_its_variable_stay_with_the_routes_that_it_is_for(tmp_path: Path) -> None:
    declared = 'http_cors("/hello", origins_from="web_origins")\nhttp_headers()\n'
    variables = tmp_path / ".pikku" / "variables"
    generate(tmp_path, declared, http_routes=("/hello",))
    assert len(declared_in(tmp_path)) == 2
    assert "web_origins" in (variables / "pikku_variables_gen.py").read_text()
    generate(tmp_path, declared, http_routes=("/other",))
    assert [type(one) for one in declared_in(tmp_path)] == [HttpHeaders]
    assert not variables.exists()
