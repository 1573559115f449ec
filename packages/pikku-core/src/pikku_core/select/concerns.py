"""Which wirings a declaration of their kind means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin.target import resolve
from pikku_core.select.problem import plugin_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pikku_core.plugin.model import DeclarationModel, WiringModel
    from pikku_core.plugin.registry import Registry


def concerns(
    declaration: DeclarationModel, wirings: Sequence[WiringModel], registry: Registry
) -> bool:
    """Whether a declaration means any of some wirings of its kind; all of them where the kind does not say.

    Raises:
        FilterError: The plugin's function raised.
    """
    kind = registry.wiring_kinds.get(declaration.kind)
    if kind is None or kind.concerns is None:
        return bool(wirings)
    try:
        return bool(resolve(kind.concerns)(declaration, wirings))
    except Exception as error:
        raise plugin_fault(
            f'The "concerns" of the kind "{kind.name}"', registry.provider(kind), error
        ) from error
