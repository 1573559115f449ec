"""The kit for tests of HTTP wirings: a client of a project or of an App, and a fake of `http`.

```python
def test_greet(pikku: HttpProject) -> None:
    with pikku.client(database=FakeDatabase()) as http:
        answer = http.get("/greetings/Ada")
    assert answer.json() == {"text": "Hello, Ada!"}
```

Clients are those of `httpx2`, which comes with the extra `pikku-http[testing]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_http.testing.client import client_of as client_of
    from pikku_http.testing.http import FakeHttp as FakeHttp
    from pikku_http.testing.project import ClientRun as ClientRun
    from pikku_http.testing.project import HttpProject as HttpProject

__all__ = ["ClientRun", "FakeHttp", "HttpProject", "client_of"]

_MODULES = {
    "ClientRun": "project",
    "FakeHttp": "http",
    "HttpProject": "project",
    "client_of": "client",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
