"""What the tests of filters share: two transports that exist as scan rules only, and an application on them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin import (
    CallSite,
    DeclarationModel,
    Diagnostic,
    Filter,
    ScanRule,
    WiringKind,
    WiringModel,
    hookimpl,
)
from pikku_core.plugin.loader import registry_of
from pikku_core.scan import scan
from pikku_core.select import Entry, select
from pikku_core.select.entry import entries_of
from pikku_core.select.needs import Needs
from pikku_core.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry

pikku_plugin_api = 1

# The rules name their readers by an importable module, which a conftest has no name of.
sys.modules["select_transports"] = sys.modules[__name__]

Found = Sequence[DeclarationModel | Diagnostic]

DEPLOY: Mapping[str, str | tuple[str, ...]] = {
    "default_target": "serverless",
    "serverless_incompatible": (),
}

APPLICATION = """\
# app/__init__.py
# app/wirings.py
from pikku_core import global_middleware, tag_middleware, tag_permissions
from transport import line_middleware, queue_defaults, wire_line, wire_queue
from app.admin.users import ban, list_users
from app.guards import audited, is_admin, timed, traced
from app.shop.cart import add_to_cart, checkout

global_middleware([timed])
tag_middleware("admin", [audited])
tag_permissions("admin", {"admin": is_admin})
line_middleware("USER*", [traced])
queue_defaults([traced])

wire_line(verb="USERS", func=list_users)
wire_line(verb="BAN", func=ban, tags=["danger"])
wire_line(verb="ADD", func=add_to_cart)
wire_queue(name="orders", func=checkout)
# app/guards.py
from pikku_core import pikku_middleware, pikku_permission

@pikku_middleware
async def timed(next, *, clock): ...

@pikku_middleware
async def audited(next, *, rpc, journal):
    await rpc.write_down()

@pikku_middleware
async def traced(next, *, tracer): ...

@pikku_permission
async def is_admin(*, directory): ...
# app/services.py
from pikku_core import pikku_service

@pikku_service
def clock(): ...

@pikku_service
def journal(*, disk): ...

@pikku_service
def disk(): ...

@pikku_service
def tracer(): ...

@pikku_service
def directory(): ...

@pikku_service
def bank(): ...

@pikku_service
def unused(): ...
# app/admin/__init__.py
# app/admin/users.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func(tags=["admin:users"])
async def list_users(): ...

@pikku_sessionless_func(tags=["admin"], deploy="server")
async def ban(): ...

@pikku_sessionless_func
async def write_down(): ...
# app/shop/__init__.py
# app/shop/cart.py
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func(tags=["shop"], expose=True)
async def add_to_cart(): ...

@pikku_sessionless_func(tags=["shop"])
async def checkout(*, bank, rpc):
    await rpc.send_receipt()

@pikku_sessionless_func
async def send_receipt(*, rpc):
    await rpc.add_to_cart()
"""
"""Wirings of two kinds, exposed and unwired functions, calls by name, and every sort of declaration."""


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    return [
        WiringKind(name="line", title="Lines", concerns="select_transports:concerns"),
        WiringKind(name="queue", title="Queues"),
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    common = ("tags", "middleware", "permissions")
    return [
        ScanRule(
            name="line",
            kind="line",
            calls={"transport.wire_line": ("*", "verb", "func", *common)},
            read="select_transports:read_line",
        ),
        ScanRule(
            name="line.middleware",
            kind="line",
            calls={"transport.line_middleware": ("pattern", "middleware")},
            read="select_transports:read_line_middleware",
        ),
        ScanRule(
            name="queue",
            kind="queue",
            calls={"transport.wire_queue": ("*", "name", "func", *common)},
            read="select_transports:read_queue",
        ),
        ScanRule(
            name="queue.defaults",
            kind="queue",
            calls={"transport.queue_defaults": ("middleware",)},
            read="select_transports:read_queue_defaults",
        ),
    ]


@hookimpl
def pikku_filters() -> list[Filter]:
    return [
        Filter(
            name="verbs",
            help="Verbs of lines.",
            values="select_transports:verbs",
            ignore_case=True,
        )
    ]


def read_line(site: CallSite) -> Found:
    verb = site.literal("verb", str)
    return [site.wiring(kind="line", id=f"line:{verb}", meta={"verb": verb})]


def read_line_middleware(site: CallSite) -> Found:
    pattern = site.literal("pattern", str)
    meta = {"pattern": pattern}
    return [site.declaration(kind="line", id=f"line:middleware:{pattern}", meta=meta)]


def read_queue(site: CallSite) -> Found:
    name = site.literal("name", str)
    return [site.wiring(kind="queue", id=f"queue:{name}", meta={"name": name})]


def read_queue_defaults(site: CallSite) -> Found:
    return [site.declaration(kind="queue", id="queue:defaults")]


def concerns(declaration: DeclarationModel, wirings: Iterable[WiringModel]) -> bool:
    start = str(declaration.meta["pattern"]).rstrip("*")
    return any(str(wiring.meta["verb"]).startswith(start) for wiring in wirings)


def verbs(entry: Entry) -> list[str] | None:
    wiring = entry.wiring
    return [str(wiring.meta["verb"])] if wiring is not None and wiring.kind == "line" else None


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Core and the two transports."""
    found = registry_of(sys.modules[__name__])
    assert not found.failures, found.failures
    return found


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings without presets."""
    return Settings(root=tmp_path_factory.mktemp("settings"), plugins={"deploy": DEPLOY})


@pytest.fixture(scope="session")
def scan_text(
    tmp_path_factory: pytest.TempPathFactory, registry: Registry
) -> Callable[[str], Project]:
    """Scans modules, each under a comment with its path."""

    def scan_modules(text: str) -> Project:
        root: Path = tmp_path_factory.mktemp("project")
        lines: list[str] = []
        files: dict[str, list[str]] = {}
        for line in text.splitlines(keepends=True):
            if line.startswith("# ") and line.rstrip().endswith(".py"):
                lines = files.setdefault(line[2:].strip(), [])
            else:
                lines.append(line)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("".join(content))
        project = scan(root, Settings(root=root), registry)
        errors = [str(found) for found in project.diagnostics if found.severity == "error"]
        assert not errors, errors
        return project

    return scan_modules


@pytest.fixture(scope="session")
def project(scan_text: Callable[[str], Project]) -> Project:
    """The application, whole."""
    return scan_text(APPLICATION)


@pytest.fixture(scope="session")
def entry(project: Project, settings: Settings) -> Callable[[str], Entry]:
    """An entry of the application, by id."""
    entries = {each.id: each for each in entries_of(project, Needs(project), settings)}
    return entries.__getitem__


@pytest.fixture(scope="session")
def kept_of(
    registry: Registry, settings: Settings
) -> Callable[[Project, Mapping[str, Sequence[str]]], Project]:
    """What filters leave of a project."""

    def select_from(project: Project, filters: Mapping[str, Sequence[str]]) -> Project:
        chosen = {flag: tuple(patterns) for flag, patterns in filters.items()}
        return select(project, chosen, registry=registry, settings=settings)

    return select_from


@pytest.fixture(scope="session")
def kept(
    project: Project, kept_of: Callable[[Project, Mapping[str, Sequence[str]]], Project]
) -> Callable[[Mapping[str, Sequence[str]]], Project]:
    """What filters leave of the application."""
    return partial(kept_of, project)
