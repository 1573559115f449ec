"""Writes a synthetic application: the same source for the same arguments.

```console
$ python benchmarks/generate_app.py /tmp/app --functions 1000 --files 200
```

The application is divided into features of ten files: a package, its models (7 fields each: one input model for every
function, one result model for every two), a module of wirings and seven modules of functions. The modules import in
four styles by turns: absolute names, relative names, `import module as short`, and names re-exported by the feature's
package. Every function has a route, asks for one to three services (under TYPE_CHECKING in every other module), and
has a body of about 20 lines; every tenth calls another one through `rpc`, every fifth needs a session. Ten services, a
configuration, a session, a middleware and a permission stand beside the features. The result is a project: it can be
imported, built and served.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES_PER_FEATURE = 10
MODULES_PER_FEATURE = FILES_PER_FEATURE - 3
SERVICES = (
    "database", "mailer", "cache", "search", "storage", "metrics", "audit", "clock", "payments", "events",
)  # fmt: skip
FIELDS = ("name: str", "email: str", "count: int = 0", "ratio: float = 0.5", "active: bool = True", "labels: list[str] = []", "note: str | None = None")  # fmt: skip


def generate_app(folder: Path, *, functions: int = 1000, files: int = 200) -> None:
    """Writes the application.

    Args:
        folder: Where; made if it does not exist, files in it are overwritten.
        functions: How many functions.
        files: About how many Python files; functions are spread evenly over their modules.
    """
    features = max(1, files // FILES_PER_FEATURE)
    modules = features * MODULES_PER_FEATURE
    for path, text in _common():
        _write(folder / path, text)
    done = 0
    for feature in range(features):
        names: dict[int, list[int]] = {}
        for index in range(MODULES_PER_FEATURE):
            position = feature * MODULES_PER_FEATURE + index
            last = functions * (position + 1) // modules
            names[index] = list(range(done, last))
            done = last
        for path, text in _feature(feature, names, functions):
            _write(folder / path, text)


def _common() -> Iterator[tuple[str, str]]:
    """What stands beside the features."""
    yield (
        "pyproject.toml",
        '[project]\nname = "synthetic"\nversion = "0"\n\n[tool.pikku]\nsource = ["app"]\n',
    )
    yield "app/__init__.py", ""
    yield "app/services/__init__.py", ""
    for number, name in enumerate(SERVICES):
        yield f"app/services/{name}.py", _service(number, name)
    yield "app/config.py", _CONFIG
    yield "app/session.py", _SESSION
    yield "app/guards.py", _GUARDS


def _feature(
    feature: int, modules: dict[int, list[int]], functions: int
) -> Iterator[tuple[str, str]]:
    package = f"app/feature_{feature:04}"
    numbers = [number for inside in modules.values() for number in inside]
    models = [name for number in numbers for name in _models_of(number)]
    exported = sorted(set(models))
    yield (
        f"{package}/__init__.py",
        "".join(
            f"from app.feature_{feature:04}.models import {name} as {name}\n" for name in exported
        ),
    )
    yield f"{package}/models.py", _models(exported)
    for index, inside in modules.items():
        yield f"{package}/functions_{index}.py", _functions(feature, index, inside, functions)
    yield f"{package}/wirings.py", _wirings(feature, modules)


def _models_of(number: int) -> tuple[str, str]:
    return f"Input{number:05}", f"Result{number // 2:05}"


def _models(names: list[str]) -> str:
    lines = ["from __future__ import annotations", "", "from pydantic import BaseModel"]
    for name in names:
        lines += ["", "", f"class {name}(BaseModel):", f'    """The {name} of a call."""', ""]
        lines += [f"    {field}" for field in FIELDS]
    return "\n".join(lines) + "\n"


def _functions(feature: int, index: int, numbers: list[int], functions: int) -> str:
    style = index % 4
    package = f"app.feature_{feature:04}"
    used = sorted({name for number in numbers for name in _models_of(number)})
    prefix = "models." if style == 2 else ""
    imports = {
        0: [f"from {package}.models import {', '.join(used)}"],
        1: [f"from .models import {', '.join(used)}"],
        2: [f"import {package}.models as models"],
        3: [f"from {package} import {', '.join(used)}"],
    }[style]
    services = sorted({name for number in numbers for name in _services_of(number)})
    types = [f"from app.services.{name} import {name.title()}" for name in services]
    types += ["from app.session import Session"]
    hidden = bool(index % 2)
    rpc = ["from pikku_app import Rpc"]
    lines = [
        f'"""Functions {numbers[0] if numbers else 0} and following."""',
        "",
        "from __future__ import annotations",
        "",
        *([] if hidden else ["import math"]),
        "from typing import TYPE_CHECKING",
        "",
        "from pikku_core import Logger, NotFoundError, pikku_func, pikku_sessionless_func",
        *(imports if used else []),
        *([] if hidden else types),
        "",
        "if TYPE_CHECKING:",
        *[f"    {line}" for line in [*(types if hidden else []), *rpc]],
        *([] if hidden else ["", f"LIMIT = math.floor({100 + index}.5)"]),
    ]
    for number in numbers:
        lines += _function(number, prefix, functions)
    return "\n".join(lines) + "\n"


def _services_of(number: int) -> list[str]:
    count = 1 + number % 3
    return [SERVICES[(number + step * 3) % len(SERVICES)] for step in range(count)]


def _function(number: int, prefix: str, functions: int) -> list[str]:
    data, result = _models_of(number)
    session = number % 5 == 0
    calls = number % 10 == 0 and number + 1 < functions
    services = sorted(set(_services_of(number)))
    parameters = [f"{name}: {name.title()}" for name in services]
    parameters += ["session: Session"] if session else []
    parameters += ["rpc: Rpc"] if calls else []
    decorator = "pikku_func" if session else "pikku_sessionless_func"
    lines = [
        "",
        "",
        f'@{decorator}(title="Function {number}", tags=["feature", "group_{number % 7}"], expose={number % 2 == 0})',
        f"async def function_{number:05}(",
        f"    data: {prefix}{data}, *, {', '.join(parameters)}, logger: Logger",
        f") -> {prefix}{result}:",
        f'    """Does what function {number} is for, and says so at some length."""',
        '    logger.debug("called with %s", data.name)',
        "    total = 0",
        "    seen: dict[str, int] = {}",
        "    for position, label in enumerate(data.labels):",
        "        seen[label] = seen.get(label, 0) + len(label) * (position + 1)",
        "    if data.count < 0:",
        f'        raise NotFoundError(f"there are no {{data.count}} things for function {number}")',
    ]
    for name in services:
        lines += [
            f'    {name}_rows = await {name}.query("select * from things where id = ?", data.count)',
            f"    total += sum(row if row > {number % 9} else -row for row in {name}_rows)",
        ]
    if session:
        lines += ['    if session.user_id == "":', "        total = -total"]
    if calls:
        other, _ = _models_of(number + 1)
        lines += [
            f"    answer = await rpc.function_{number + 1:05}(",
            f'        {{"name": data.name, "email": data.email, "note": "{other}"}}',
            "    )",
            "    total += answer.count",
        ]
    lines += [
        f"    return {prefix}{result}(",
        "        name=data.name.strip(),",
        "        email=data.email.lower(),",
        "        count=total,",
        "        ratio=total / (len(seen) or 1),",
        "        labels=sorted(seen),",
        "    )",
    ]
    return lines


def _wirings(feature: int, modules: dict[int, list[int]]) -> str:
    package = f"app.feature_{feature:04}"
    lines = [f'"""Routes of feature {feature}."""', "", "from __future__ import annotations", ""]
    lines += [
        "from pikku_http import http_middleware, wire_http",
        "",
        "from app.guards import is_named, timing",
    ]
    for index, numbers in modules.items():
        if not numbers:
            continue
        if index % 3 == 0:
            lines.append(f"from {package} import functions_{index}")
        elif index % 3 == 1:
            names = ", ".join(f"function_{number:05}" for number in numbers)
            lines.append(f"from .functions_{index} import {names}")
        else:
            lines.append(f"import {package}.functions_{index} as part_{index}")
    lines += ["", f'PREFIX = "/feature-{feature}"', ""]
    for index, numbers in modules.items():
        prefix = {0: f"functions_{index}.", 1: "", 2: f"part_{index}."}[index % 3]
        for number in numbers:
            guard = ", permissions=[is_named]" if number % 20 == 0 else ""
            lines.append(
                f'wire_http(method="post", route=f"{{PREFIX}}/{number}/{{{{count}}}}", '
                f'func={prefix}function_{number:05}, tags=["v1"]{guard})'
            )
    lines.append(f'http_middleware("/feature-{feature}/*", [timing])')
    return "\n".join(lines) + "\n"


def _service(number: int, name: str) -> str:
    needs = f", {SERVICES[number - 1]}: {SERVICES[number - 1].title()}" if number % 3 == 1 else ""
    imported = (
        f"from app.services.{SERVICES[number - 1]} import {SERVICES[number - 1].title()}\n"
        if needs
        else ""
    )
    return f'''"""The service {name}."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pikku_core import pikku_service

from app.config import Config
{imported}

class {name.title()}:
    async def query(self, statement: str, *arguments: object) -> list[int]:
        return [len(statement), len(arguments)]


@pikku_service
async def {name}(*, config: Config{needs}) -> AsyncIterator[{name.title()}]:
    yield {name.title()}()
'''


_CONFIG = '''"""The configuration."""

from __future__ import annotations

from dataclasses import dataclass

from pikku_core import Variables, pikku_config


@dataclass(frozen=True)
class Config:
    name: str


@pikku_config
def config(*, variables: Variables) -> Config:
    return Config(name=variables.get("SYNTHETIC_NAME", "synthetic"))
'''

_SESSION = '''"""The session."""

from __future__ import annotations

from dataclasses import dataclass

from pikku_core import pikku_session


@pikku_session
@dataclass(frozen=True)
class Session:
    user_id: str
'''

_GUARDS = '''"""Middleware and permissions."""

from __future__ import annotations

from typing import Any

from pikku_core import Logger, Next, pikku_middleware, pikku_permission


@pikku_middleware
async def timing(next: Next, *, logger: Logger) -> Any:
    result = await next()
    logger.debug("done")
    return result


@pikku_permission
async def is_named(data: Any) -> bool:
    return bool(data.name)
'''


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Writes a synthetic application.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--functions", type=int, default=1000)
    parser.add_argument("--files", type=int, default=200)
    given = parser.parse_args()
    generate_app(given.folder, functions=given.functions, files=given.files)


if __name__ == "__main__":
    main()
