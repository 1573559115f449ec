"""Registries of plugins that a test chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.loader import registry_of

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry


def plugin_registry(*plugins: object) -> Registry:
    """What core and the given plugins declare; what else is installed is not looked at.

    ```python
    registry = plugin_registry(acme.plugin)
    assert "line" in registry.wiring_kinds
    ```

    Args:
        plugins: Modules that implement hooks, as an entry point of the group `pikku.plugins` names them.

    Raises:
        AssertionError: A plugin cannot be loaded, or declares what another one does; the message says which and why.
    """
    registry = registry_of(*plugins)
    if registry.failures:
        raise AssertionError("\n".join(str(failure) for failure in registry.failures))
    return registry
