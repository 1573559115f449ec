"""The OpenAPI document of a project (OpenAPI 3.1, JSON Schema 2020-12), made of what the scan found."""

from __future__ import annotations

from typing import Final

PATH: Final = "http/openapi.gen.json"
"""Where it lies, among the generated files."""
