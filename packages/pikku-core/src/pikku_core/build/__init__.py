"""From a project's source to its `.pikku/`: what `pikku`, `dev` and the tests of a project run."""

from __future__ import annotations

from pikku_core.build.pipeline import BuildResult, build

__all__ = ["BuildResult", "build"]
