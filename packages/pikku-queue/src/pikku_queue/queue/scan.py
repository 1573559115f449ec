"""From call sites to wirings: `wire_queue_worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError
from pikku_core.plugin.expression import Call, Constant, Name
from pikku_queue.queue import backoff
from pikku_queue.queue.wiring import name_problem, wiring_id
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Diagnostic
    from pikku_core.plugin.expression import Expression

BACKOFFS = {"fixed": backoff.fixed, "linear": backoff.linear, "exponential": backoff.exponential}


def read_worker(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_queue_worker` call."""
    name = site.literal("name", str)
    problem = name_problem(name)
    if problem:
        return [site.diagnostic("PKU930", problem)]
    meta: dict[str, Any] = {"type": "worker", "name": name}
    given = site.arguments.get("config")
    if given is not None and given != Constant(None):
        try:
            meta["config"] = config_row(evaluated_config(given))
        except DeclarationError as error:
            return [site.diagnostic("PKU931", str(error))]
    return [site.wiring(kind="queue", id=wiring_id(name), meta=meta)]


def evaluated_config(expression: Expression) -> WorkerConfig:
    """The configuration that a call of `WorkerConfig` makes.

    Raises:
        DeclarationError: It is something else, or not well-formed.
    """
    if not (isinstance(expression, Call) and _name(expression.function) == "WorkerConfig"):
        raise DeclarationError(
            'The option "config" must be a call that stands there: WorkerConfig(attempts=5).'
        )
    return WorkerConfig(**_keywords(expression))


def config_row(config: WorkerConfig) -> dict[str, Any]:
    """What differs from the defaults, for tools."""
    default, row = WorkerConfig(), dict[str, Any]()
    for name in WorkerConfig.__dataclass_fields__:
        value = getattr(config, name)
        if value != getattr(default, name):
            row[name] = value.to_json() if isinstance(value, backoff.Backoff) else value
    return row


def _keywords(call: Call) -> Mapping[str, Any]:
    if call.arguments or any(name is None for name, _ in call.keywords):
        raise DeclarationError('The options of "WorkerConfig" are given by name: attempts=5.')
    unknown = [name for name, _ in call.keywords if name not in WorkerConfig.__dataclass_fields__]
    if unknown:
        raise DeclarationError(f'"WorkerConfig" has no option "{unknown[0]}".')
    return {str(name): _value(value) for name, value in call.keywords}


def _value(expression: Expression) -> Any:
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Call):
        make = BACKOFFS.get(_name(expression.function))
        if make is not None:
            positional = [_value(one) for one in expression.arguments]
            return make(
                *positional, **{str(name): _value(one) for name, one in expression.keywords}
            )
    raise DeclarationError(
        'The options of "WorkerConfig" must be literals, or calls of "fixed", "linear" or "exponential" with literals.'
    )


def _name(expression: Expression) -> str:
    return expression.attribute if isinstance(expression, Name) else ""
