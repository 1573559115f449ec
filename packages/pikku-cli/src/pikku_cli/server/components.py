"""Which components a project needs, and what each of them is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.plugin import ServeComponent
from pikku_core.plugin.target import TargetError, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pikku_core.plugin.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """The components that run together.

    Attributes:
        serving: Those that have something to run, by name.
        listening: The one that takes the TCP socket; None where none does.
        mounts: What components offer to others, by host kind, each with its target.
    """

    serving: tuple[ServeComponent, ...]
    listening: ServeComponent | None = None
    mounts: dict[str, list[tuple[ServeComponent, str]]] = field(
        default_factory=dict[str, list[tuple[ServeComponent, str]]]
    )


def components_of(
    kinds: Collection[str],
    registry: Registry,
    *,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Components:
    """The components for the kinds that a project uses.

    Args:
        only: The names of those to run; none: all.
        without: The names of those to leave out.

    Raises:
        CommandError: A name or a kind that no plugin provides, nothing to run, or two components for one socket.
    """
    for kind in sorted(set(kinds) - registry.wiring_kinds.keys()):
        raise CommandError(_no_provider(kind, registry), ExitCode.PLUGINS)
    used = [one for one in registry.serve_components.values() if not one.kind or one.kind in kinds]
    if only or without:
        used = _chosen(used, registry, only, without)
    serving = tuple(one for one in used if one.serve is not None)
    if not serving:
        raise CommandError(
            "There is nothing to serve: the project has no wiring of a transport that runs in this "
            f"process. {_offered(registry)}"
        )
    listening = [one for one in serving if one.listens]
    if len(listening) > 1:
        names = " and ".join(f'"{one.name}" of {registry.provider(one)}' for one in listening)
        raise CommandError(
            f"Only one component can take the port, and {names} would: turn one off."
        )
    # What is offered to others, such as the testing kit, is not imported here.
    mounts: dict[str, list[tuple[ServeComponent, str]]] = {
        host: [] for one in serving for host in (one.kind, one.name)
    }
    for component in used:
        for host, target in component.mounts:
            if host in mounts:
                mounts[host].append((component, target))
    return Components(serving=serving, listening=listening[0] if listening else None, mounts=mounts)


def imported(component: ServeComponent, target: str) -> Any:
    """Imports what a component names.

    Raises:
        CommandError: It does not exist.
    """
    try:
        return resolve(target)
    except TargetError as error:
        raise CommandError(f'The component "{component.name}" cannot run: {error}') from error


def _chosen(
    used: Sequence[ServeComponent], registry: Registry, only: Sequence[str], without: Sequence[str]
) -> list[ServeComponent]:
    for name in (*only, *without):
        if name not in registry.serve_components:
            raise CommandError(_no_component(name, registry), ExitCode.USAGE)
    for name in only:
        if not any(one.name == name for one in used):
            kind = registry.serve_components[name].kind
            raise CommandError(
                f'There is nothing for "{name}" to run: the project has no wiring of the kind "{kind}".'
            )
    left = [one for one in used if one.name not in without and (not only or one.name in only)]
    if not any(one.serve is not None for one in left):
        listed = ", ".join(f'"{name}"' for name in without)
        raise CommandError(f"There is nothing left to serve without {listed}.")
    return left


def _no_provider(kind: str, registry: Registry) -> str:
    failed = "".join(f"\n{failure}" for failure in registry.failures)
    return (
        f'The project has wirings of the kind "{kind}", and no active plugin provides it: '
        f'"pikku plugins" shows what is installed.{failed}'
    )


def _no_component(name: str, registry: Registry) -> str:
    from pikku_core.nearest import nearest_name

    known = sorted(registry.serve_components)
    near = nearest_name(name, known)
    hint = f'Did you mean "{near}"?' if near else f"There is {', '.join(known)}."
    return f'There is no component "{name}". {hint}'


def _offered(registry: Registry) -> str:
    kinds = sorted({one.kind for one in registry.serve_components.values() if one.kind})
    if not kinds:
        return 'No installed plugin serves anything: install a transport such as "pikku-http".'
    listed = ", ".join(f'"{kind}"' for kind in kinds)
    return f"The kinds that do: {listed}."
