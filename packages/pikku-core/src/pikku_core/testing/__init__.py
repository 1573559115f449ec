"""The kit for tests of projects and of plugins: fakes, apps with replaced services, conformance suites.

A function is called like any other function, with fakes for what it asks for:

```python
async def test_greet() -> None:
    greeting = await greet(Greet(name="Ada"), rpc=fake_rpc(send_welcome=None))
    assert greeting.text == "Hello, Ada!"
```

The pytest plugin, which comes with the installation, has the fixture `pikku`: the project of the test, generated.

```python
def test_greet_in_an_app(pikku: PikkuProject) -> None:
    with pikku.app(database=FakeDatabase()) as app:
        assert app.call("greet", Greet(name="Ada")).text == "Hello, Ada!"
```

Every name is imported when it is first used: a test that needs a fake loads neither a scanner nor a runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_core.testing.blocking import BlockingApp as BlockingApp
    from pikku_core.testing.blocking import run_app as run_app
    from pikku_core.testing.clock import MovableClock as MovableClock
    from pikku_core.testing.logger import FakeLogger as FakeLogger
    from pikku_core.testing.plugins import plugin_registry as plugin_registry
    from pikku_core.testing.project import AppRun as AppRun
    from pikku_core.testing.project import PikkuProject as PikkuProject
    from pikku_core.testing.project import ProjectError as ProjectError
    from pikku_core.testing.project import open_project as open_project
    from pikku_core.testing.record import Call as Call
    from pikku_core.testing.record import UnexpectedUseError as UnexpectedUseError
    from pikku_core.testing.record import calls as calls
    from pikku_core.testing.rpc import fake_rpc as fake_rpc
    from pikku_core.testing.rpc import fake_sync_rpc as fake_sync_rpc
    from pikku_core.testing.sessions import FakeSessions as FakeSessions
    from pikku_core.testing.stubs import stub as stub
    from pikku_core.testing.temporary import TemporaryProject as TemporaryProject
    from pikku_core.testing.temporary import build_project as build_project
    from pikku_core.testing.temporary import project_of as project_of
    from pikku_core.testing.temporary import scan_project as scan_project
    from pikku_core.testing.values import fake_secrets as fake_secrets
    from pikku_core.testing.values import fake_variables as fake_variables

__all__ = [
    "AppRun",
    "BlockingApp",
    "Call",
    "FakeLogger",
    "FakeSessions",
    "MovableClock",
    "PikkuProject",
    "ProjectError",
    "TemporaryProject",
    "UnexpectedUseError",
    "build_project",
    "calls",
    "fake_rpc",
    "fake_secrets",
    "fake_sync_rpc",
    "fake_variables",
    "open_project",
    "plugin_registry",
    "project_of",
    "run_app",
    "scan_project",
    "stub",
]

_MODULES = {
    "AppRun": "project",
    "BlockingApp": "blocking",
    "Call": "record",
    "FakeLogger": "logger",
    "FakeSessions": "sessions",
    "MovableClock": "clock",
    "PikkuProject": "project",
    "ProjectError": "project",
    "TemporaryProject": "temporary",
    "UnexpectedUseError": "record",
    "build_project": "temporary",
    "calls": "record",
    "fake_rpc": "rpc",
    "fake_secrets": "values",
    "fake_sync_rpc": "rpc",
    "fake_variables": "values",
    "open_project": "project",
    "plugin_registry": "plugins",
    "project_of": "temporary",
    "run_app": "blocking",
    "scan_project": "temporary",
    "stub": "stubs",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
