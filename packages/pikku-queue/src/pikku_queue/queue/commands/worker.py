"""`pikku worker`: a process that works off queues and serves nothing else."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pikku_core.plugin import CommandContext, CommandError, current_command, current_tool
from pikku_queue.queue.filters import queues_of


def worker(
    *,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            min=1,
            help="How many jobs it runs at once, over all queues. Default: the setting queue.concurrency.",
        ),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Warn of options that the broker cannot honour, instead of refusing them; as the setting queue.lenient.",
        ),
    ] = False,
) -> None:
    """Work off queues, without a server.

    Any number of these may run, on any number of machines that reach the broker. --queues and the other filters choose
    whose jobs it takes. With SIGTERM and SIGINT it takes no more, finishes what it has, and gives back what takes longer
    than --grace: another worker gets that, and the attempt does not count. What schedules call is work of the queue
    pikku-schedules.
    """
    context, tool, options = current_command(), current_tool(), dict[str, Any]()
    if concurrency is not None:
        options["concurrency"] = concurrency
    if context.filters:
        options["queues"] = chosen_queues(context)
    app = tool.load_app()
    if lenient:
        app.settings = {**app.settings, "queue": {**app.settings.get("queue", {}), "lenient": True}}
    if "scheduler" in app.kinds() and "queue" not in app.kinds():
        # The firings of schedules are jobs, and there are no others.
        tool.serve(app, "scheduler", {**options, "does": "work"})
    else:
        tool.serve(app, "queue", options)


def chosen_queues(context: CommandContext) -> tuple[str, ...]:
    """The queues that the filters of a command leave, sorted.

    Raises:
        CommandError: One of the patterns matches nothing, or no queue is left.
        FilterError: A filter cannot be honoured.
    """
    from pikku_core.scan import scan
    from pikku_core.select import select

    settings, registry = context.settings, context.registry
    found = scan(settings.root, settings, registry)
    left = select(found, context.filters, registry=registry, settings=settings)
    idle = [one for one in left.diagnostics if one not in found.diagnostics]
    if idle:
        raise CommandError(" ".join(filter(None, [idle[0].message, idle[0].hint])), 2)
    names = sorted({queue for one in left.wirings for queue in queues_of(one)})
    if not names:
        raise CommandError("The filters leave no queue to work off.", 2)
    return tuple(names)
