"""From call sites to wirings and declarations: `wire_queue_worker`, `wire_queue`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError
from pikku_core.plugin import Diagnostic
from pikku_core.plugin.expression import Call, Constant, Name
from pikku_core.plugin.model import CallableKind
from pikku_queue.queue import backoff
from pikku_queue.queue.wiring import SYNC_TIMEOUT, attribute_name, clash, name_problem, wiring_id
from pikku_queue.queue.worker_config import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pikku_core.plugin import CallSite, DeclarationModel, Project, WiringModel
    from pikku_core.plugin.expression import Expression

NONE = Constant(None)
SYNC = frozenset({CallableKind.SYNC, CallableKind.SYNC_GENERATOR})
BACKOFFS = {"fixed": backoff.fixed, "linear": backoff.linear, "exponential": backoff.exponential}


def read_worker(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_queue_worker` call."""
    name = site.literal("name", str)
    problem = name_problem(name)
    if problem:
        return [site.diagnostic("PKU930", problem)]
    try:
        config = _config(site)
    except DeclarationError as error:
        return [site.diagnostic("PKU931", str(error))]
    if config.timeout is not None and site.function().kind in SYNC:
        return [site.diagnostic("PKU932", SYNC_TIMEOUT.format(name))]
    meta: dict[str, Any] = {"type": "worker", "name": name}
    if row := config_row(config):
        meta["config"] = row
    return [site.wiring(kind="queue", id=wiring_id(name), meta=meta)]


def read_queue(site: CallSite) -> Sequence[DeclarationModel | Diagnostic]:
    """Reads a `wire_queue` call."""
    name = site.literal("name", str)
    problem = name_problem(name)
    if problem:
        return [site.diagnostic("PKU930", problem)]
    try:
        _config(site)
    except DeclarationError as error:
        return [site.diagnostic("PKU931", str(error))]
    given = site.arguments.get("data", NONE)
    data = None if given == NONE else site.type("data")
    if "result" in site.arguments:
        site.type("result")
    meta: dict[str, Any] = {"type": "queue", "name": name}
    return [site.declaration(kind="queue", id=name, meta=meta, type=data)]


def concerns(_declaration: DeclarationModel, _wirings: Sequence[WiringModel]) -> bool:
    """Every part of a project may add jobs to the queues that it declares."""
    return True


def names(project: Project) -> Iterator[Diagnostic]:
    """PKU933: two queues are one attribute of `queue`."""
    found: dict[str, DeclarationModel] = {}
    queues = [each for each in project.declarations if each.kind == "queue"]
    for each in sorted(queues, key=lambda one: (str(one.location), one.id)):
        name = str(each.meta["name"])
        first = found.setdefault(attribute_name(name), each)
        other = str(first.meta["name"])
        if other != name:
            yield Diagnostic(
                code="PKU933",
                message=clash(other, name),
                location=each.location,
                related=(first.location,),
            )


def declared(project: Project) -> Iterator[Diagnostic]:
    """PKU934: a queue is declared twice, or with other data than its worker takes."""
    workers = {str(each.meta["name"]): each for each in project.wirings if each.kind == "queue"}
    seen: dict[str, DeclarationModel] = {}
    for each in sorted(project.declarations, key=lambda one: str(one.location)):
        if each.kind != "queue" or each.meta["type"] != "queue":
            continue
        name = str(each.meta["name"])
        first, worker = seen.setdefault(name, each), workers.get(name)
        if first is not each:
            yield Diagnostic(
                code="PKU934",
                message=f'The queue "{name}" is declared twice: once is enough for a project.',
                location=each.location,
                related=(first.location,),
            )
        elif worker is not None and project.functions[worker.function].data != each.type:
            yield Diagnostic(
                code="PKU934",
                message=f'The queue "{name}" is declared with other data than its worker takes.',
                location=each.place("data"),
                related=(worker.location,),
            )


def _config(site: CallSite) -> WorkerConfig:
    given = site.arguments.get("config", NONE)
    return WorkerConfig() if given == NONE else evaluated_config(given)


def evaluated_config(expression: Expression) -> WorkerConfig:
    """The configuration that a call of `WorkerConfig` makes.

    Raises:
        DeclarationError: It is something else, or not well-formed.
    """
    if not (isinstance(expression, Call) and _name(expression.function) == "WorkerConfig"):
        raise DeclarationError(
            'The option "config" must be a call that stands there: WorkerConfig(attempts=5).'
        )
    config: WorkerConfig = _made("WorkerConfig", WorkerConfig, (), _keywords(expression))
    return config


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
            keywords = {str(name): _value(one) for name, one in expression.keywords}
            return _made(make.__name__, make, positional, keywords)
    raise DeclarationError(
        'The options of "WorkerConfig" must be literals, or calls of "fixed", "linear" or "exponential" with literals.'
    )


def _made(
    name: str, make: Callable[..., Any], positional: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    try:
        return make(*positional, **keywords)
    except DeclarationError:
        raise
    except TypeError as error:
        raise DeclarationError(f'The call of "{name}" does not fit: {error}.') from None


def _name(expression: Expression) -> str:
    """What a name of this package is called; empty for anything else, of the same name too."""
    if isinstance(expression, Name) and expression.module.partition(".")[0] == "pikku_queue":
        return expression.attribute
    return ""
