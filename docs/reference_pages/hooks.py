"""Every hook with its signature, what its docstring says, and the declaration that it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import hooks
from pikku_core.plugin.contributions import REGISTRIES
from reference_pages.markdown import class_outline, docstring, fragment, page, signature

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry

CALLS = (
    f"The hook API has number {hooks.PLUGIN_API}. A hook that declares is called once, at boot; `pikku_startup` and "
    "`pikku_shutdown` once in the life of each App. [Writing a plugin](../plugins.md) shows them in use."
)


def render(_: Registry) -> str:
    """The page."""
    parts = [CALLS]
    for name, hook in sorted(vars(hooks).items()):
        if name.startswith("pikku_"):
            parts += [f"## {name}", fragment(f"def {name}{signature(hook)}"), docstring(hook)]
            if name in REGISTRIES:
                parts += [class_outline(REGISTRIES[name]), docstring(REGISTRIES[name])]
    return page("Hooks", *parts)
