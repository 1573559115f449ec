"""One call of one function, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.errors import FieldError, FunctionNotFoundError, InvalidDataError
from pikku_core.runtime import NO_DATA, Read
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.plugin import CommandContext
    from pikku_core.runtime import App, FunctionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What is called.

    Attributes:
        name: The id of a function; without a version it means the newest.
        data: JSON; None where none is given.
        session: Who calls; None for nobody.
    """

    name: str
    data: bytes | None = None
    session: object = None


class CallWire(Wire):
    """The wire of a call from the command line."""

    __slots__ = ("data",)

    def __init__(self, function: str, data: bytes | None) -> None:
        super().__init__(function, function)
        self.data = data


async def invoke(app: App, invocation: Invocation) -> bytes:
    """Calls a function of a running App through its whole pipeline; the result as JSON.

    Raises:
        CommandError: There is no such function, or it is a stream.
        PikkuError: What the call ended in; a function may raise anything else, too.
    """
    try:
        record = app.record(app.resolve(invocation.name))
    except FunctionNotFoundError as error:
        raise CommandError(error.message, ExitCode.USAGE) from error
    if record.is_stream:
        raise CommandError(
            f'"{record.id}" is a stream, and "pikku call" shows one result: wire it to a transport that serves streams.'
        )
    plan = app.plan(
        record.id, wire=CallWire, read=Read(_reader(record)), write=record.result.write_json
    )
    wire = CallWire(record.id, invocation.data)
    wire.session = invocation.session
    answer: bytes = await plan.invoke(wire)
    return answer


def session_of(context: CommandContext, text: bytes) -> object:
    """A session of the project's own class.

    Raises:
        CommandError: The project has none, or the text is no such session.
    """
    from pikku_core.plugin.target import TargetError, resolve
    from pikku_core.scan import scan
    from pikku_core.schema import codec_for

    settings = context.settings
    project = scan(settings.root, settings, context.registry)
    if project.session is None:
        raise CommandError(
            'The project has no class of sessions: leave "--session" out, or mark one with "@pikku_session".',
            ExitCode.USAGE,
        )
    adapters = [resolve(one.adapter) for one in context.registry.schema_adapters.values()]
    try:
        return codec_for(resolve(str(project.session)), adapters).read_json(text)
    except TargetError as error:
        raise CommandError(f"The class of sessions cannot be loaded: {error}") from error
    except InvalidDataError as error:
        raise CommandError(
            f'The value of "--session" is wrong: {spelled(error)}', ExitCode.USAGE
        ) from error


def spelled(error: InvalidDataError) -> str:
    """What is wrong with data, in one line: `name: Field required; tags.0: Input should be a string.`."""
    parts = [
        ": ".join(filter(None, [".".join(map(str, one.location)), one.message.rstrip(".")]))
        for one in error.details
    ]
    return f"{'; '.join(parts)}."


def _reader(record: FunctionRecord) -> Any:
    codec, optional = record.data, record.default is not NO_DATA

    def read(wire: CallWire) -> Any:
        if codec is None:
            if wire.data is not None:
                raise _refused("unexpected_data", f'The function "{record.id}" takes no data')
            return NO_DATA
        if wire.data is None:
            if optional:
                return NO_DATA
            raise _refused("missing", f'The function "{record.id}" takes data')
        return codec.read_json(wire.data)

    return read


def _refused(code: str, message: str) -> InvalidDataError:
    return InvalidDataError([FieldError((), code, message)])
