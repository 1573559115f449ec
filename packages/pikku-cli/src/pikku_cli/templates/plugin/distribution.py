"""What makes the folder a distribution that is found."""

from __future__ import annotations

from typing import Final

README: Final = """\
# $title

A transport for Pikku: a client sends a name and JSON on a line, and gets the answer on a line.

```text
add {"left": 1, "right": 2}
ok 3
@token-of-ada add {"left": 1}
error {"code": "invalid_data", ...}
```

```python
from $snake import wire_$snake

wire_$snake(name="add", func=add)
```

| | |
|---|---|
| `plugin.py` | the hooks: all that is added, by name; imported by every command, so it imports nothing heavy |
| `wiring.py` | what users write |
| `scan.py` | reads what they wrote, without running it |
| `wire.py` | what is known of a line that is being answered |
| `runner.py` | a line in, a function called, a line out |
| `serve.py` | the server |
| `tests/test_transport.py` | all that every transport must do, done over a real connection |
"""

PYPROJECT: Final = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "$kebab"
version = "0.1.0"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["pikku-core$compatible"]

[project.entry-points."pikku.plugins"]
$kebab = "$snake.plugin"

[dependency-groups]
dev = ["mypy>=1.18", "pikku-cli$compatible", "pytest>=9"]

[tool.hatch.build.targets.wheel]
packages = ["src/$snake"]

[tool.mypy]
strict = true
files = ["src", "tests"]
mypy_path = ["src"]

[tool.pyright]
include = ["src", "tests"]
typeCheckingMode = "strict"

[tool.pytest]
testpaths = ["tests"]
addopts = ["--import-mode=importlib"]
"""
