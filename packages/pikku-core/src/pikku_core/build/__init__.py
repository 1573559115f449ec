"""From a project's source to its `.pikku/`: what `pikku`, `dev` and the tests of a project run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core.build.pipeline import BuildResult, build

if TYPE_CHECKING:
    from pikku_core.build.check_runtime import runtime_differences as runtime_differences
    from pikku_core.build.check_types import TypesModule as TypesModule
    from pikku_core.build.check_types import check_types_module as check_types_module

__all__ = ["BuildResult", "TypesModule", "build", "check_types_module", "runtime_differences"]


def __getattr__(name: str) -> Any:
    # The checks are commands of their own; a build does not wait for them.
    if name in {"TypesModule", "check_types_module"}:
        from pikku_core.build import check_types

        return getattr(check_types, name)
    if name == "runtime_differences":
        from pikku_core.build.check_runtime import runtime_differences

        return runtime_differences
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
