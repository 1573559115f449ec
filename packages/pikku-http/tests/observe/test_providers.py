"""Telemetry is there where somebody has set it up, and costs nobody else anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, sys
from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import HttpApplication, HttpOptions, wire_http
{before}

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

async def main():
    async with App([wire_http(method="get", route="/", func=hello)]) as app:
        application = HttpApplication(app, HttpOptions(telemetry="{telemetry}"))
        try:
            application.open()
        except DeclarationError as error:
            print(error)
            return
        handle = application._methods["GET"].static["/"]
        print(handle.__qualname__.split(".")[0], "opentelemetry" in sys.modules)

asyncio.run(main())
"""
ABSENT = "sys.modules['opentelemetry'] = None"
API = "import opentelemetry.trace, opentelemetry.metrics"
SDK = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
"""


@pytest.mark.parametrize(
    ("before", "telemetry", "printed"),
    [
        ("", "auto", "Runner False"),
        (API, "auto", "Runner True"),
        (SDK, "auto", "Observing True"),
        (SDK, "never", "Runner True"),
        (API, "always", "Observing True"),
        ("", "always", "Observing True"),
        (ABSENT, "auto", "Runner True"),
    ],
)
def test_it_is_on_where_it_is_set_up_or_asked_for(
    before: str, telemetry: str, printed: str
) -> None:
    assert run(before, telemetry) == printed


def test_it_is_refused_where_it_cannot_be_had() -> None:
    assert 'install "pikku-http[telemetry]"' in run(ABSENT, "always")


def run(before: str, telemetry: str) -> str:
    program = PROGRAM.format(before=before, telemetry=telemetry)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
