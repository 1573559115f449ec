"""What the runtime's tests share: asyncio runs them, as it runs an App."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
