"""What the scanner's tests share: two transports that exist as scan rules only, and a project on disk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin import (
    CallSite,
    DeclarationModel,
    Diagnostic,
    ScanRule,
    ServiceDeclaration,
    WireParameter,
    WiringKind,
    hookimpl,
)
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry

pikku_plugin_api = 1

# The rules name their readers by an importable module, which a conftest has no name of.
sys.modules["scan_transports"] = sys.modules[__name__]

Found = Sequence[DeclarationModel | Diagnostic]


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [
        WiringKind(name="http", title="HTTP", gives=("http",)),
        WiringKind(name="probe", title="Expressions"),
        WiringKind(name="queue", title="Queues", gives=("job",)),
        WiringKind(name="stream", title="Streams", gives=("http",), streams=True),
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    common = ("auth", "scopes", "tags", "middleware", "permissions")
    return [
        ScanRule(
            name="http",
            kind="http",
            calls={
                "pikku_http.wire_http": ("*", "method", "route", "func", "summary", *common),
                "pikku_http.http_middleware": ("pattern", "middleware"),
            },
            read="scan_transports:read_http",
        ),
        ScanRule(
            name="queue",
            kind="queue",
            calls={"pikku_queue.wire_queue_worker": ("*", "name", "func", *common)},
            read="scan_transports:read_queue",
        ),
        ScanRule(
            name="probe",
            kind="probe",
            calls={"acme.probe": ("first", "second", "third")},
            read="scan_transports:read_probe",
        ),
        ScanRule(
            name="stream",
            kind="stream",
            calls={"pikku_http.wire_stream": ("*", "route", "func", *common)},
            read="scan_transports:read_stream",
        ),
    ]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    return [
        WireParameter(name="http", type="pikku_http:Http", sync_type="pikku_http:SyncHttp"),
        WireParameter(name="job", type="pikku_queue:Job"),
    ]


@hookimpl
def pikku_services() -> list[ServiceDeclaration]:
    return [ServiceDeclaration(name="mailer", factory="acme_plugin.services:mailer")]


def read_http(site: CallSite) -> Found:
    if site.target.endswith("http_middleware"):
        pattern = site.literal("pattern", str)
        return [site.declaration(kind="http", id=f"http:middleware:{pattern}")]
    method, route = site.literal("method", str), site.literal("route", str)
    meta = {"route": route, "summary": site.literal("summary", str, "")}
    return [site.wiring(kind="http", id=f"http:{method}:{route}", meta=meta)]


def read_queue(site: CallSite) -> Found:
    return [site.wiring(kind="queue", id=f"queue:{site.literal('name', str)}")]


def read_stream(site: CallSite) -> Found:
    return [site.wiring(kind="stream", id=f"stream:{site.literal('route', str)}")]


def read_probe(site: CallSite) -> Found:
    return [site.declaration(kind="probe", id=f"probe:{site.location.line:04}")]


@pytest.fixture(scope="session")
def registry() -> Registry:
    found = registry_of(sys.modules[__name__])
    assert not found.failures, found.failures
    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes modules, each under a comment with its path; text before the first goes to `app/main.py`."""

    def write_files(text: str) -> Path:
        path, lines = "app/main.py", list[str]()
        files: dict[str, list[str]] = {}
        for line in text.splitlines(keepends=True):
            if line.startswith("# ") and line.rstrip().endswith(".py"):
                path, lines = line[2:].strip(), []
                files[path] = lines
            else:
                files.setdefault(path, lines).append(line)
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("".join(content))
        return tmp_path

    return write_files


@pytest.fixture
def scan_source(write: Callable[[str], Path], registry: Registry) -> Callable[..., Project]:
    """Scans source written as `write` takes it."""

    def scan_text(text: str, *, source: tuple[str, ...] = (), cache: Path | None = None) -> Project:
        root = write(text)
        return scan(root, Settings(root=root, source=source), registry, cache=cache)

    return scan_text


@pytest.fixture
def found_in(scan_source: Callable[..., Project]) -> Callable[[str], list[str]]:
    """The diagnostics of a source as `PKU118 app/main.py:3`."""

    def diagnose(text: str) -> list[str]:
        return [f"{found.code} {found.location}" for found in scan_source(text).diagnostics]

    return diagnose
