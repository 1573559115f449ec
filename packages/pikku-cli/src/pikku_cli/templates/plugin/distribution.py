"""What makes the folder a distribution that is found."""

from __future__ import annotations

from typing import Final

from pikku_cli.templates.pyproject import pyproject

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

PYPROJECT: Final = pyproject(
    """\
dependencies = ["pikku-core$compatible"]

[project.entry-points."pikku.plugins"]
$kebab = "$snake.plugin"

[dependency-groups]
dev = ["mypy>=1.18", "pikku-cli$compatible", "pytest>=9"]
""",
    is_project=False,
)
